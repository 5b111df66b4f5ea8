"""`read.py FILE…`: the columns and rows of Parquet and Arrow files as pyarrow, which is not ours, reads them."""

import sys

import pyarrow
import pyarrow.ipc
import pyarrow.parquet

for path in sys.argv[1:]:
    if path.endswith(".parquet"):
        table = pyarrow.parquet.read_table(path)
    else:
        table = pyarrow.ipc.open_file(path).read_all()
    table.validate(full=True)
    print(path.rsplit("/", 1)[-1])
    for field in table.schema:
        # Parquet has one type of text, Arrow several.
        print(f"  {field.name}: {str(field.type).replace('large_', '').replace('_view', '')}")
    for row in table.to_pylist():
        print(f"  {list(row.values())}")
