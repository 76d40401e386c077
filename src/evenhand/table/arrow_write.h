// Parquet for `create`: text as UTF-8 strings, numbers as doubles, missing as null, Zstandard.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/write.h"

namespace evenhand::table {

Result<std::unique_ptr<TableWriter>> create_parquet(const std::string& path,
                                                    const std::vector<Wanted>& columns);

}  // namespace evenhand::table
