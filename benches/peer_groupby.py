"""The floor that any user can write: three rates by group with pandas, without intervals."""
import sys

import pandas

people = pandas.read_csv(sys.argv[1], usecols=["sex", "race", "label", "decision"])
groups = people.groupby(["sex", "race"])
selection = groups["decision"].mean()
true_positive = people[people.label == 1].groupby(["sex", "race"])["decision"].mean()
false_positive = people[people.label == 0].groupby(["sex", "race"])["decision"].mean()
print(pandas.DataFrame({"selection": selection, "tpr": true_positive, "fpr": false_positive}))
