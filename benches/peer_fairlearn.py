"""fairlearn's MetricFrame: five metrics by two attributes, with differences and ratios, without intervals."""
import sys

import pandas
from fairlearn.metrics import MetricFrame, false_negative_rate, false_positive_rate, selection_rate, true_positive_rate
from sklearn.metrics import accuracy_score

people = pandas.read_csv(sys.argv[1])
frame = MetricFrame(
    metrics={
        "accuracy": accuracy_score,
        "selection_rate": selection_rate,
        "tpr": true_positive_rate,
        "fpr": false_positive_rate,
        "fnr": false_negative_rate,
    },
    y_true=people.label,
    y_pred=people.decision,
    sensitive_features=people[["sex", "race"]],
)
print(frame.by_group, frame.difference(), frame.ratio())
