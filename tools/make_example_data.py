#!/usr/bin/env python3
"""Make the tables of examples/income from their sources, and check what is known of them.

    python3 tools/make_example_data.py [FOLDER]

FOLDER holds adult/adult.data, adult/adult.test, acs_income/acs_income_60k.csv and baselines/*.csv (default:
../shared/data/tabular). Needs pyarrow. Nothing is invented or dropped: text is stripped of blanks, `?` becomes
null, the full stop behind the labels of adult.test goes, rows keep their order (adult.data first).
"""
import csv
import pathlib
import shutil
import sys

import pyarrow as pa
import pyarrow.parquet as parquet

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "examples" / "income"

ADULT_NUMBERS = ("age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week")
ADULT_COLUMNS = ("age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation",
                 "relationship", "race", "sex", "capital_gain", "capital_loss", "hours_per_week",
                 "native_country", "income")


def adult_rows(path):
    """Rows of adult.data or adult.test; the comment line and the empty last line are no rows."""
    with open(path, newline="", encoding="ascii") as file:
        for record in csv.reader(file, skipinitialspace=True):
            if not record or record[0].startswith("|"):
                continue
            cells = [cell.strip() for cell in record]
            if len(cells) != len(ADULT_COLUMNS):
                sys.exit(f"{path}: a row of {len(cells)} cells, expected {len(ADULT_COLUMNS)}")
            cells[-1] = cells[-1].rstrip(".")
            yield [None if cell == "?" else cell for cell in cells]


def adult(source):
    rows = [*adult_rows(source / "adult.data"), *adult_rows(source / "adult.test")]
    columns = dict(zip(ADULT_COLUMNS, map(list, zip(*rows))))
    for name in ADULT_NUMBERS:
        columns[name] = pa.array([int(cell) for cell in columns[name]], pa.int32())
    table = pa.table(columns)
    expect("Adult rows", table.num_rows, 48842)
    expect("Adult women", columns["sex"].count("Female"), 16192)
    expect("Adult labels", sorted(set(columns["income"])), ["<=50K", ">50K"])
    expect("Adult favourable", columns["income"].count(">50K"), 11687)
    return table


def acs_income(path):
    """Codes and numbers of the American Community Survey, all whole."""
    with open(path, newline="", encoding="ascii") as file:
        records = csv.reader(file)
        names = next(records)
        columns = list(map(list, zip(*records)))
    table = pa.table({name: pa.array([int(cell) for cell in cells], pa.int32())
                      for name, cells in zip(names, columns)})
    expect("ACSIncome rows", table.num_rows, 60000)
    expect("ACSIncome favourable", sum(table["PINCP"].to_pylist()), 21946)
    return table


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: found {found}, expected {expected}")


def write(table, name):
    path = TARGET / name
    parquet.write_table(table.replace_schema_metadata(None), path, compression="zstd", compression_level=19)
    print(f"{path.relative_to(ROOT)}: {table.num_rows:,} rows, {path.stat().st_size:,} bytes")


def main():
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "tabular"
    TARGET.mkdir(parents=True, exist_ok=True)
    write(adult(source / "adult"), "adult.parquet")
    write(acs_income(source / "acs_income" / "acs_income_60k.csv"), "acs_income.parquet")
    for name in ("us_census_1990.csv", "us_census_2020_race.csv"):
        shutil.copyfile(source / "baselines" / name, TARGET / name)


if __name__ == "__main__":
    main()
