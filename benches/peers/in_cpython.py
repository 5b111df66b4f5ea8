"""`in_cpython.py EVALUATIONS`: evaluates `a + 1` with a condition by `eval` of a code object, as Blurr does.
Prints `evaluations N` and `seconds S`."""

import sys
import time


def main():
    evaluations = int(sys.argv[1])
    code = compile("a + 1 if b > 0 else a", "field", "eval")
    names = {"a": 0, "b": 1}
    evaluate, nothing = eval, {}
    start = time.perf_counter()
    for _ in range(evaluations):
        names["a"] = evaluate(code, nothing, names)
    seconds = time.perf_counter() - start
    assert names["a"] == evaluations
    print(f"evaluations {evaluations}\nseconds {seconds:.6f}")


main()
