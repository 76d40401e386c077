"""fairlearn's fair training on a table of benches/make_features.py: equalized odds within .01.

    peer_reductions.py TRAIN.csv TEST.csv plain|reductions|thresholds

plain is scikit-learn's LogisticRegression; reductions is ExponentiatedGradient around it; thresholds is
ThresholdOptimizer on its scores. Prints CPU seconds and memory of the fit, and on the other table the accuracy in
expectation over the method's own draws, and the widest difference between two groups in either rate.
"""
import resource
import sys
import time

import numpy
import pandas
from fairlearn.postprocessing import ThresholdOptimizer
from fairlearn.reductions import EqualizedOdds, ExponentiatedGradient
from sklearn.linear_model import LogisticRegression

train, test = (pandas.read_csv(path) for path in sys.argv[1:3])
method = sys.argv[3]
features = [name for name in train.columns if name.startswith("x")]
loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = time.process_time(), time.perf_counter()
told = ""
if method == "reductions":
    model = ExponentiatedGradient(LogisticRegression(), EqualizedOdds(difference_bound=0.01), eps=0.01)
    model.fit(train[features], train.label, sensitive_features=train.group)
    told = f", {model.n_oracle_calls_} fits, gap {model.best_gap_:.2e}"
elif method == "thresholds":
    model = ThresholdOptimizer(
        estimator=LogisticRegression(), constraints="equalized_odds", predict_method="predict_proba")
    model.fit(train[features], train.label, sensitive_features=train.group)
else:
    model = LogisticRegression().fit(train[features], train.label)
cpu, wall = time.process_time() - before[0], time.perf_counter() - before[1]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

if method == "reductions":
    chosen = numpy.asarray(model._pmf_predict(test[features]))[:, 1]
elif method == "thresholds":
    chosen = numpy.asarray(model._pmf_predict(test[features], sensitive_features=test.group))[:, 1]
else:
    chosen = model.predict(test[features]).astype(float)
label = test.label.to_numpy()
accuracy = numpy.where(label == 1, chosen, 1 - chosen).mean()
rates = pandas.Series(chosen).groupby([label, test.group.to_numpy()]).mean()
gap = max(rates[y].max() - rates[y].min() for y in (0, 1))
print(f"{method}: fit {cpu:.2f} s CPU, {wall:.2f} s wall, {memory} MB ({loaded} MB with the tables alone){told}; "
      f"held out: accuracy {accuracy:.4f}, equalized odds gap {gap:.4f}")
