"""Writes the corpus of tests/python.rs: expressions with what CPython makes of them.

Run once with Python 3.11 and python-dateutil: python3.11 make.py
Each line is {"expr": …, "repr": …} or {"expr": …, "error": "TypeError"}.
"""
import collections
import datetime as dt
import itertools
import json
import math
import pathlib
import re
import statistics

import dateutil.parser
import dateutil.tz


def parse(text, **kw):
    """dateutil's parse, its zone objects brought to datetime's own."""
    time = dateutil.parser.parse(text, **kw)
    if time.tzinfo is not None:
        time = time.replace(tzinfo=dt.timezone(time.utcoffset()))
    return time


NAMES = dict(
    parse=parse, datetime=dt.datetime, timedelta=dt.timedelta, timezone=dt.timezone, date=dt.date,
    json=json, math=math, statistics=statistics, dateutil=dateutil, re=re, dt=dt, Counter=collections.Counter,
)


def case(text):
    try:
        value = eval(text, dict(NAMES))
    except Exception as error:
        name = type(error).__name__
        if isinstance(error, re.error):
            name = "re.error"
        # Python's JSONDecodeError is a ValueError, dateutil's ParserError too.
        for base in type(error).__mro__:
            if base.__name__ in ("ValueError", "OverflowError"):
                name = base.__name__
                break
        return {"expr": text, "error": name}
    return {"expr": text, "repr": repr(value)}


def numbers():
    values = ["7", "-7", "3", "-3", "0", "2.5", "-2.5", "True", "10**20", "-(10**20)", "0.1"]
    for op in ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "<", ">=", "==", "!="]:
        for a, b in itertools.product(values, values):
            if op in ("<<", "**") and b.startswith(("10**", "-(10")):
                continue
            if op == "**" and b in ("2.5", "-2.5", "0.1") and a.startswith("-"):
                continue
            yield f"({a}) {op} ({b})"
    for text in ["1e22", "1e-5", "1e16", "123456789012345680.0", "1e15", "0.0001", "-0.0", "1/3", "1e308*10",
                 "float('nan')", "float('-inf')", "2**0.5", "1e100", "5e-324", "1_000", "0x1f", "0b11", "0o17"]:
        yield text
        yield f"str({text})"
    for f in ["abs", "int", "float", "bool", "round", "str", "repr", "hex", "bin"]:
        for v in ["-5", "5.5", "-0.5", "1.5", "2.5", "'12'", "' 7 '", "'x'", "''", "True", "None", "[1]", "1e20", "10**30"]:
            yield f"{f}({v})"
    for v, n in itertools.product(["2.675", "1234.5678", "-0.5", "1e10", "15", "25", "-15", "5.015", "0.125"], ["0", "1", "2", "-1", "-2", "None"]):
        yield f"round({v}, {n})"
    for t in ["'1_0'", "'1__0'", "'_1'", "'0x1f', 16", "'ff', 16", "'z', 36", "'12', 3", "'0b1', 0", "'010', 0", "12.5, 2", "'+5'", "'- 5'", "'١٢'"]:
        yield f"int({t})"
    for t in ["'1e3'", "'.5'", "'5.'", "'.'", "'inf'", "'-Infinity'", "'nan'", "'1e'", "'0x1'", "' 1.5 '", "'1_0.5'"]:
        yield f"float({t})"
    for t in ["divmod(7, -2)", "divmod(-7.5, 2)", "pow(2, 10)", "pow(2, -1)", "pow(3, 100, 7)", "1 < 2 < 3", "1 < 3 < 2", "3 > 2 != 1",
              "1 == 1.0 == True", "2**100 == 2.0**100", "10**20 < 1e20", "10**20 + 1 > 1e20", "-7 // 2", "-7 % 3", "7 % -3", "-7.5 % 2",
              "5 // 0", "5 % 0.0", "1/0", "0.0/0", "0 ** -1", "~5", "-True", "+True", "not 0", "(10**20)//3", "-(10**20)//3",
              "(10**20)/3", "10**400/10**399", "10**400*1.0", "(5).bit_length()", "(2.0).is_integer()", "1 if [] else 2", "1 and 0 or 3",
              "None or 'x'", "0 and 1/0", "1 or 1/0", "sum([0.1]*10)", "sum([1, 2.5, True])", "sum(['a'])", "max(1, 2.0, True)",
              "1 is None", "None is None", "1.0 in [1]", "'a' < 1", "None < 1", "[1] < [1, 2]", "(1, 'a') < (1, 2)", "{1} <= {1, 2}"]:
        yield t


def texts():
    for t in ["'a\\nb'", "\"it's\"", "'\"'", "'\\'\"'", "'\\x00\\x7f\\xa0é✓'", "'tab\\t'", "'\\\\'", "'😀'", "'\\u200b'"]:
        yield t
        yield f"ascii({t})"
    words = ["'Hello World'", "'  pad  '", "''", "'a,b,,c'", "'ÄÖ ß'", "'x1y2'", "'one two  three'"]
    methods = ["upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "lstrip()", "rstrip()", "split()",
               "split(',')", "split(None, 1)", "split(',', 1)", "rsplit(None, 1)", "rsplit(',', 1)", "partition(' ')", "rpartition(' ')",
               "replace('l', 'L')", "replace('', '-')", "replace('o', '0', 1)", "find('o')", "rfind('o')", "index('o')", "count('o')",
               "count('')", "startswith('H')", "startswith(('H', 'o'))", "endswith('c')", "isdigit()", "isalpha()", "isalnum()",
               "isspace()", "isupper()", "islower()", "istitle()", "center(15, '*')", "ljust(15)", "rjust(15, '.')", "zfill(15)",
               "splitlines()", "casefold()", "join(['a', 'b'])", "find('o', 5)", "find('l', -4, -1)", "strip('Hd ')", "removeprefix('He')",
               "isidentifier()", "expandtabs()", "startswith(1)", "nope()", "split('')", "encode"]
    for w, m in itertools.product(words, methods):
        if m != "encode":
            yield f"{w}.{m}"
    for s in ["[0]", "[-1]", "[20]", "[1:3]", "[::-1]", "[:-1]", "[-3:]", "[::2]", "[5:1:-1]", "['a']", "[1.0]", "[::0]"]:
        yield f"'Hello'{s}"
        yield f"'Hällo✓'{s}"
        yield f"[1, 2, 3, 4]{s}"
        yield f"(1, 2, 3, 4){s}"
        yield f"range(10){s}"
    for t in ["'a' 'b'", "'a' * 3", "3 * 'ab'", "'a' * -1", "'a' + 1", "'a' * 1.5", "'a' in 'abc'", "1 in 'abc'", "','.join([])",
              "','.join([1])", "','.join(str(x) for x in [1, 2])", "'%s and %r' % ('a', 'b')", "'%d%%' % 5.7", "'%05.2f|%-5d|%+d' % (3.14159, 7, 8)",
              "'%x %X %o %e %g' % (255, 255, 8, 12345.678, 0.00001)", "'%s' % (1,)", "'%s %s' % (1,)", "'%d' % 'a'", "'%(a)s' % {'a': 1}",
              "'%5s|%-5s|%.2s' % ('ab', 'cd', 'efgh')", "'x' % 1", "'{} {}'.format(1, 'a')", "'{1} {0}'.format(1, 2)", "'{a:>5}|{a:<5}|{a:^5}'.format(a='x')",
              "'{0[0]} {0[1]}'.format([1, 2])", "'{!r}'.format('x')", "'{{}}'.format()", "'{:{w}}'.format(1, w=5)", "'{}'.format()", "'{0.real}'.format(5)",
              "f'{1+1}'", "f'{\"a\"!r:>5}'", "f'{3.14159:.2f}'", "f'{1234567:,}'", "f'{1234567.891:,.1f}'", "f'{255:#x} {255:b} {255:08b}'",
              "f'{0.5:%}'", "f'{5:+d}'", "f'{-5:05d}'", "f'{1e10:g}'", "f'{123456789:e}'", "f'{1=}'", "f'{\"x\"=}'", "f'{True:d}'", "f'{\"x\":d}'",
              "f'{None}'", "f'{[1]:5}'", "f'{1:{2+3}}'", "f'{12345.678:010.1f}'", "f'{1.5:.0f} {2.5:.0f}'", "f'{0.1:.20f}'", "f'{1e-7}'",
              "f'{1e16:.3}'", "f'{123.456:.3}'", "f'{100000.0:g}'", "f'{1000000.0:g}'", "f'{65:c}'", "f'{3:_}'", "f'{1234567:_}'", "f'{0x12345678:_x}'",
              "f'{-3.7:=10.2f}'", "f'{\"ab\":*^7}'", "f'{1.0}'", "f'{1:.2}'", "f'{float(\"nan\"):.2f}'", "f'{float(\"inf\"):5}'", "f'{1234:012,}'",
              "ord('a')", "chr(97)", "ord('ab')", "chr(-1)", "repr('a')", "str(None)", "str([1, 'a'])", "str({'a': (1,)})", "len('ä✓')", "sorted('hello')",
              "list(map(str.upper, ['a']))", "str.strip(' a ')", "'a'.upper", "'abc'.__name__", "str.upper(1)"]:
        if t != "'a'.upper":
            yield t


def containers():
    for t in ["[1, 2] + [3]", "[1] * 3", "[1] + (2,)", "(1,) + (2,)", "[[1, 2], [3]]", "()", "(1,)", "{}", "set()", "{1, 1.0, True}", "{'a': 1, 'a': 2}",
              "{1: 'a', 1.0: 'b', True: 'c'}", "{[1]: 2}", "{(1, [2])}", "[*[1, 2], *'ab']", "{**{'a': 1}, 'b': 2}", "(*range(3),)",
              "{'a': 1}['a']", "{'a': 1}['b']", "{'a': 1}.get('b')", "{'a': 1}.get('b', 5)", "{'a': 1, 'b': 2}.keys()", "{'a': 1}.items()",
              "{'a': 1}.values()", "list({'a': 1}.items())", "{'a': 1} | {'b': 2}", "{'a': 1} == {'a': 1.0}", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}",
              "dict(a=1)", "dict([('a', 1)])", "dict([(1, 2, 3)])", "dict([1])", "dict(zip('ab', [1, 2]))", "dict.fromkeys('ab', 0)", "{1: 2}.pop(1)",
              "{1: 2}.pop(2)", "{1: 2}.pop(2, None)", "{}.popitem()", "{'a': 1}.copy()", "{'a': 1}.update(b=2)", "{'a': 1}.setdefault('b', 2)",
              "[3, 1, 2].sort()", "sorted([3, 1, 2])", "sorted([3, 1, 2], reverse=True)", "sorted(['b', 'A'], key=str.lower)", "sorted([1, 'a'])",
              "sorted([(1, 'b'), (0, 'a')], key=lambda p: p[1])", "sorted({'b': 1, 'a': 2})", "sorted(['aa', 'b', 'cc'], key=len, reverse=True)",
              "list(reversed([1, 2]))", "list(reversed('ab'))", "reversed(5)", "list(reversed(range(3)))", "[1, 2, 3].index(2)", "[1].index(5)",
              "[1, 2, 1].count(1)", "[1, 1.0, True].count(1)", "[1, 2].pop()", "[].pop()", "[1, 2].pop(0)", "[1].pop(5)", "[1].remove(2)",
              "[1].copy()", "[1].insert(0, 2)", "(1, 2, 1).count(1)", "(1, 2).index(3)", "{1, 2} & {2, 3}", "{1} | {2}", "{1, 2} - {2}",
              "{1, 2} ^ {2, 3}", "{1} | [2]", "{1}.union([2])", "{1, 2}.issubset({1, 2, 3})", "{1}.isdisjoint({2})", "{1}.intersection([1, 2])",
              "{1, 2}.difference([2])", "{1}.add(2)", "{1}.remove(2)", "set().pop()", "set('aab') == {'a', 'b'}", "set([1, [2]])", "len({1, 2, 2})",
              "len([])", "len(5)", "len(range(5))", "len({}.keys())", "list('ab')", "list(5)", "tuple([1])", "tuple('ab')", "list({'a': 1})", "set()",
              "bool([])", "bool({})", "bool(set())", "bool(range(0))", "bool('')", "bool(0.0)", "1 in [1, 2]", "1 in {1: 2}", "[1] in [[1]]", "1 in 5",
              "[1] in {1}", "'a' in {'a': 1}.keys()", "2 in {'a': 2}.values()", "('a', 1) in {'a': 1}.items()", "3 in range(5)", "2.0 in range(5)",
              "2.5 in range(5)", "'a' in range(5)", "1 not in [1]", "not 1 in [2]", "[] is []", "[1] == (1,)", "[1, 2] < [1, 3]", "[1] < 'a'",
              "float('nan') == float('nan')", "[float('nan')] == [1]", "{True: 1}[1]", "(1, 2) == (1, 2.0)", "[] or {}", "{}.get([])", "[1, 2, 3][True]",
              "[1, 2][None]", "None[0]", "5[0]", "{1, 2}[0]", "'abc'['a']", "[1, 2, 3][0:'a']", "{}[1:2]"]:
        if not (t in ("[] is []",)):
            yield t


def functions():
    for t in ["sum([])", "sum(range(5))", "sum([[1], [2]], [])", "sum(x * x for x in range(4))", "sum(5)", "sum([1, 'a'])", "sum([1], start=2)",
              "min([3, 1])", "max([3, 1])", "min([])", "max([], default=0)", "min(1)", "min()", "max('a', 'b')", "max(['aa', 'b'], key=len)", "max(1, 'a')",
              "max(x for x in [1, 5, 2])", "min({'b': 1, 'a': 2})", "max([1, 2], [1, 3])", "min(1, 2, key=lambda x: -x)", "max(None, 1)", "max([1], nope=1)",
              "any([])", "all([])", "any([0, 1])", "all([1, 0])", "any(x > 1 for x in [1, 2])", "all(x > 1 for x in [])", "any(1 / x for x in [1, 0])",
              "any(5)", "list(range(5))", "list(range(1, 10, 3))", "list(range(5, 0, -2))", "range(3)", "range(1, 5, 2)", "range(0)", "range(1, 2, 0)",
              "range('a')", "range(1.5)", "range(3) == range(0, 3)", "list(enumerate('ab'))", "list(enumerate('ab', 1))", "list(zip([1, 2], 'ab'))",
              "list(zip([1, 2, 3], 'ab'))", "list(zip())", "list(zip([1], [2], [3]))", "list(zip([1], [1, 2], strict=True))", "list(map(abs, [-1, 2]))",
              "list(map(lambda a, b: a + b, [1, 2], [3, 4]))", "list(map(int, ['1', 'x']))", "list(filter(None, [0, 1, '']))",
              "list(filter(lambda x: x > 1, [1, 2, 3]))", "next(x for x in [1, 2])", "next((x for x in []), 'd')", "next(iter([]))", "next([1])",
              "list(iter([1, 2]))", "isinstance(1, int)", "isinstance(True, int)", "isinstance(1, (str, int))", "isinstance('a', str)", "isinstance(1, 5)",
              "isinstance(None, type(None))", "isinstance([], list)", "isinstance({}, dict)", "isinstance(1.0, int)", "type(1) == int", "type(1).__name__",
              "type('').__name__", "type(None).__name__", "type([]).__name__", "type(1.5)", "callable(len)", "callable(5)", "len()", "len(1, 2)",
              "abs('a')", "abs()", "round('a')", "int([])", "float(None)", "int('12', base=10)", "str(1, 2)", "bool(1, 2)", "nope", "len(x=1)",
              "(lambda x: x + 1)(2)", "(lambda x, y=2: x * y)(3)", "(lambda x: x)()", "(lambda x: x)(1, 2)", "(lambda x: x)(y=1)", "(lambda *a: a)",
              "(lambda x: lambda y: x + y)(1)(2)", "[f(2) for f in [lambda x: x * 2, abs]]", "5()", "None()", "'a'()",
              "[x for x in range(3)]", "[x * y for x in range(3) for y in range(2)]", "[x for x in range(10) if x % 2 if x > 3]", "{x: x * x for x in range(3)}",
              "{x % 2 for x in range(5)}", "[a + b for a, b in [(1, 2), (3, 4)]]", "[a for a, (b, c) in [(1, (2, 3))]]", "[a for a, b in [(1, 2, 3)]]",
              "[a for a, b in [1]]", "[a for a, b in ['xy']]", "[[y for y in range(x)] for x in range(3)]", "[x for x in 5]", "[x for sub in [[1], [2, 3]] for x in sub]",
              "list(x for x in 'ab')", "sum(len(w) for w in 'a bb ccc'.split())", "(x for x in 5)", "[x for x in None]", "{**{'a': 1}, **{'a': 2}}",
              "dict((k, v) for k, v in {'a': 1}.items())", "[i for i, c in enumerate('abca') if c == 'a']", "sorted({'a': 3, 'b': 1}.items(), key=lambda kv: kv[1])",
              "print", "max(*[1, 2, 3])", "dict(**{'a': 1})", "len(*[[1]])", "'-'.join(map(str, range(3)))", "[*map(str, [1])]", "tuple(x for x in (1, 2))",
              "list(map(None, [1]))", "any(map(lambda x: x == 2, [1, 2, 'x']))", "{k: [v for v in vs if v] for k, vs in {'a': [0, 1]}.items()}"]:
        if t not in ("print", "nope", "(lambda *a: a)", "5()", "'a'()"):
            yield t
    for t in ["json.dumps({'a': [1, 2.5, None, True], 'é': 'x\"y'})", "json.dumps({1: 2, None: 3, True: 4, 1.5: 5})", "json.dumps(float('nan'))",
              "json.dumps((1, 2))", "json.dumps({1, 2})", "json.dumps({(1, 2): 3})", "json.dumps([], indent=2)", "json.dumps({'b': [1], 'a': {}}, indent=2, sort_keys=True)",
              "json.dumps('é', ensure_ascii=False)", "json.dumps([1, 2], separators=(',', ':'))", "json.dumps('😀')", "json.dumps(10**30)", "json.loads('{\"a\": [1, 2.5, null, true]}')",
              "json.loads('nope')", "json.loads('')", "json.loads('[1,]')", "json.loads('1e3')", "json.loads('\"\\\\u00e9\\\\n\"')", "json.loads('NaN') != 0", "json.loads(5)",
              "json.loads(' [1] ')", "json.loads('[1] x')", "json.loads('01')", "json.loads('-0')", "json.loads('-')", "json.loads('{\"a\": 1, \"a\": 2}')"]:
        yield t
    for f in ["floor", "ceil", "trunc", "sqrt", "exp", "log", "log10", "log2", "sin", "fabs", "isnan", "isfinite", "degrees"]:
        for v in ["0", "1", "-1", "2.5", "-2.5", "10**20", "True", "'a'", "float('nan')", "float('inf')"]:
            if (f, v) not in (("sin", "10**20"),):
                yield f"math.{f}({v})"
    for t in ["math.pi", "math.inf", "math.log(8, 2)", "math.log(0)", "math.pow(2, 3)", "math.hypot(3, 4)", "math.gcd(12, 18)", "math.factorial(10)",
              "math.factorial(-1)", "math.isclose(0.1 + 0.2, 0.3)", "math.fsum([0.1] * 10)", "math.prod([1, 2, 3])", "math.comb(5, 2)", "math.copysign(1, -0.0)",
              "math.fmod(-7, 3)", "math.atan2(1, 1)", "math.isqrt(17)", "math.exp(1000)", "math.sqrt(-1)", "math.log10(10**400)"]:
        yield t


def dates():
    texts = ["2018-03-01T10:20:30Z", "2018-03-01T10:20:30+02:00", "2018-03-01 10:20:30", "2018-03-01", "2018-03-01T10:20:30.123456Z", "2018-03-01T10:20:30.5",
             "2018/03/01 10:20:30", "2018/3/1", "20180301T102030Z", "20180301", "Thu, 01 Mar 2018 10:20:30 +0000", "Thu, 01 Mar 2018 10:20:30 GMT",
             "Mar 1, 2018 10:20 PM", "1 March 2018", "March 1st, 2018", "03/01/2018", "13/02/2018", "01/02/03", "2018-03-01T10:20", "2018-03-01 10:20:30 -0500",
             "2018-03-01T24:00:00", "2018-02-30", "not a date", "", "2018-03-01 10:20:30 UTC", "2018-03-01 10:20:30.123", "Mar 1 2018", "1-Mar-2018",
             "2018-03-01T10:20:30-05:30", "2018.03.01", "12/31/1999 11:59:59 pm", "10:20 2018-03-01", "99-01-01", "2018-13-01", "Thu Mar  1 10:20:30 2018",
             "2018-03-01T10:20:30+0200", "2018-03-01T10:20:30 +02:00", "20180301102030", "2018-03-01 12 am", "2018-03-01 12:30 AM"]
    for t in texts:
        yield f"parse({t!r})"
        yield f"parse({t!r}).isoformat()"
    yield from ["parse(5)", "parse(None)", "parse('01/02/2018', dayfirst=True)", "parse('01/02/03', yearfirst=True)"]
    times = ["datetime(2018, 3, 1, 10, 20, 30)", "datetime(2018, 12, 31, 23, 59, 59, 999999)", "datetime(2020, 2, 29)",
             "datetime(2018, 3, 1, 10, 20, tzinfo=timezone(timedelta(hours=2)))"]
    members = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "date()", "isoformat()", "isoformat(' ')", "weekday()",
               "isoweekday()", "isocalendar()[1]", "toordinal()", "strftime('%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %w %U %W %%')", "strftime('%z %Z')",
               "replace(year=2019)", "replace(tzinfo=None)", "replace(month=13)", "replace(day=31)", "utcoffset()", "nope", "isoformat(timespec='minutes')",
               "isoformat(timespec='milliseconds')", "ctime()"]
    for t, m in itertools.product(times, members):
        if m == "isocalendar()[1]":
            yield f"tuple({t}.isocalendar())"
        else:
            yield f"{t}.{m}"
        yield f"str({t})" if m == "year" else f"{t}.date()"
    ops = ["a + timedelta(days=1)", "a - timedelta(hours=5)", "timedelta(1) + a", "a - a", "a + 1", "a + a", "a < b", "a == b", "a - b", "a < c", "a == c", "a - c",
           "a < 5", "a == 5", "(b - a).days", "(b - a).seconds", "(b - a).total_seconds()", "str(a)", "f'{a:%d.%m.%Y}'", "f'{a}'", "[a]", "a in [a]", "{a: 1}[a]",
           "max(a, b)", "sorted([b, a])[0]", "b - a > timedelta(days=3)", "a.date() < b.date()", "a.date() - b.date()", "a.date() + timedelta(2)", "a.date() == a",
           "c.timestamp()", "c.isoformat()", "c == d", "d - c", "c.astimezone(timezone.utc)", "bool(a)", "isinstance(a, date)", "isinstance(a.date(), datetime)", "type(a).__name__"]
    names = {"a": "datetime(2018, 3, 1, 10)", "b": "datetime(2018, 3, 5, 8, 30)", "c": "datetime(2018, 3, 1, 10, tzinfo=timezone.utc)",
             "d": "datetime(2018, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))"}
    for op in ops:
        yield f"(lambda a, b, c, d: {op})({', '.join(names.values())})"
    deltas = ["timedelta()", "timedelta(days=1)", "timedelta(hours=25)", "timedelta(seconds=-1)", "timedelta(microseconds=1)", "timedelta(days=1.5)", "timedelta(weeks=1, minutes=3)",
              "timedelta(milliseconds=1500)", "timedelta('a')", "timedelta(days=-1, hours=3)"]
    for d in deltas:
        for form in ["{}", "str({})", "{}.total_seconds()", "{}.days", "{}.seconds", "-{}", "abs({})", "{} * 2", "{} / 2", "{} // 7", "{} * 1.5", "bool({})",
                     "{} / timedelta(hours=1)", "{} // timedelta(hours=1)", "{} % timedelta(hours=7)", "{} < timedelta(1)", "{} == 0", "{} / 0", "{} + 1"]:
            yield form.format(d)
    for t, f in [("2018-03-01", "%Y-%m-%d"), ("01.03.2018 10:20", "%d.%m.%Y %H:%M"), ("Mar 1 2018", "%b %d %Y"), ("2018-03-01T10:20:30Z", "%Y-%m-%dT%H:%M:%SZ"),
                 ("2018-03-01 10:20:30.123", "%Y-%m-%d %H:%M:%S.%f"), ("10:20 PM", "%I:%M %p"), ("2018-03-01", "%Y/%m/%d"), ("2018-03-01 x", "%Y-%m-%d"),
                 ("2018-02-30", "%Y-%m-%d"), ("2018-03-01 +0200", "%Y-%m-%d %z"), ("18-3-1", "%y-%m-%d"), ("Thursday 1 March 2018", "%A %d %B %Y"), ("060 2018", "%j %Y"), ("5", 5)]:
        yield f"datetime.strptime({t!r}, {f!r})"
    yield from ["datetime.fromtimestamp(1525132800, timezone.utc)", "datetime.fromtimestamp(1525132800.123456, timezone.utc)", "datetime.utcfromtimestamp(0)",
                "datetime.fromtimestamp(-1, timezone.utc)", "datetime.fromtimestamp('a')", "datetime.fromisoformat('2018-03-01T10:20:30+00:00')", "datetime.fromisoformat('x')",
                "date.fromisoformat('2018-03-01')", "date(2018, 3, 1)", "date(2018, 13, 1)", "date(2018, 2, 29)", "str(date(2018, 3, 1))", "date(2018, 3, 1).weekday()",
                "date(2018, 3, 1).strftime('%d/%m')", "date(2018, 3, 1).isoformat()", "datetime(2018, 1)", "datetime(10000, 1, 1)", "datetime(2018, 1, 1, 25)",
                "datetime(9999, 12, 31) + timedelta(days=1)", "timezone.utc", "str(timezone.utc)", "timezone(timedelta(hours=25))", "datetime(2018, 1, 1).hour.real"]


def averages():
    names = ["mean", "fmean", "median", "median_low", "median_high", "mode", "multimode", "variance", "pvariance", "stdev", "pstdev"]
    data = ["[]", "[1]", "[1, 3]", "[1, 2]", "[1, 2, 4]", "[1, 1, 2, 2]", "[True, False, 1]", "[0.1] * 10", "[0.1, 0.2, 0.3]", "[1, 2.5]", "[1e308, 1e308]",
            "[1e-320, 3e-320]", "[10**30, 10**30 + 1]", "[10**400, 1]", "[-1.5, -2.25, 3]", "[5, 5, 5]", "[0, 0.0]", "[float('inf'), 1]",
            "[float('inf'), float('-inf')]", "['a', 'b', 'b']", "['a', 'c', 'b', 'd']", "[1, 'a']", "[[1], [2]]", "[None]", "(1, 2, 3, 4)", "range(10)",
            "5", "None", "[1, 2.0, 3, 4.5, 1e16]", "[3, 1, 2][::-1]", "[1/3, 2/3, 0.1, 1e-9, 123456.789]", "[2**53, 2**53 + 1, 1]", "[0.5, 0.25, 0.125]", "'abc'"]
    for name, values in itertools.product(names, data):
        yield f"statistics.{name}({values})"
    for values in ["[1e16, 1, 1e-16]", "[1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]", "[2.0**53, -0.5, -2.0**-54]", "[2.0**53, 1.0, 2.0**-100]",
                   "[0.1] * 10 + [-1.0]", "[1e308, 1e308]", "[1e308, -1e308, 1e308]", "[float('inf'), float('-inf')]", "[float('nan'), 1]", "[float('inf'), 1]", "[]",
                   "[1, 10**400]", "[2.0**53 + 2, 1.0, 1e-30]"]:
        yield f"math.fsum({values})"
    for name in ["variance", "pvariance", "stdev", "pstdev"]:
        for values in ["[1, 2, 3, 4], 2", "[1, 2, 3.5], 2.25", "[1, 2], None", "[1], 1", "[], 1", "[0.1, 0.2, 0.3], 0.2", "['a', 'b'], 1"]:
            yield f"statistics.{name}({values})"
    yield from ["statistics.fmean([1, 2], [3, 0])", "statistics.fmean([1, 2], weights=[3])", "statistics.fmean([], [])", "statistics.fmean([1], [0])",
                "statistics.fmean([1, 2.5, 3], (0.1, 0.2, 0.3))", "statistics.fmean([1, 2], None)", "statistics.variance([1, 2, 4], xbar=2)"]
    yield from ["statistics.mean(x * x for x in range(5))", "statistics.mean()", "statistics.median([timedelta(1), timedelta(3)])",
                "statistics.mode([1, True, 1.0, 2])", "statistics.mode([[1]])"]


def patterns():
    texts = ["'abc'", "''", "'aaa bbb'", "'Hello World 123'", "'a\\nb\\n'", "'foo=1, bar=22'", "'ÄÖ ß é'", "'2018-03-01T10:20'"]
    simple = ["a", "", "a*", "a+?", "(a)|b", "(a)(b)?", "[a-c]+", "[^a]", r"\d+", r"\w+", r"\s", r"\b\w", r"\B", "^", "$", r"\Z", "(?m)^.", "(?s).+",
              r"(\w+)=(\d+)", "(?i)h[E]llo", "x*", "(?:ab?)+", "b{2,}", "a{,2}", "l{2}", r"(\w)\1", "(?<=l)o", "(?<!o)r", "o(?= )", "o(?! )", "(?>a+)a",
              "a++b", "(?P<n>[a-z])(?P=n)", "(a)?(?(1)a|b)", "[äö]", "(?i)[äö]", "(?i)SS|ß", "."]
    for p, t in itertools.product(simple, texts):
        yield f"re.findall({p!r}, {t})"
        yield f"re.sub({p!r}, '-', {t})"
    for p, t in itertools.product(simple[:24], texts[:4]):
        yield f"re.split({p!r}, {t})"
        yield f"[m.span() for m in re.finditer({p!r}, {t})]"
        yield f"(lambda m: m and (m.group(), m.groups(), m.groupdict(), m.lastindex))(re.search({p!r}, {t}))"
    bad = ["(", ")", "[", "[]", "[z-a]", "*", "a**", "a*+", "a*+*", "a*??", "+", "a{2,1}", "a{", "a{}", "a{,}", "a{1", "a{1,2,3}", "a|*", "(?P<n>", "(?P<n>a)(?P<n>b)", "(?P<1>a)",
           "(?P=x)", "(?Px)", r"\1", r"(\1)", r"(a)\2", r"\q", r"\8", r"[\8]", r"\x1", r"\u12", r"\x41", r"\u0041", r"\101", r"\400", r"\0", r"[\b]", r"[\d-z]", r"[a-\d]", r"[a\-z]", "[a-]", "[]a]", "[^]a]",
           "[[]", "(?i", "(?z)", "a(?i)b", "(?i-i:a)", "(?-i:A)", "(?i:A)b", "(?x) a b # c", "(?x:a b)a b", "(?#", "(?#x)a", "(?<a)", "(?<=a*)", "(?<=a|bc)", "(?<=a|b)c", "(?<!ab)c",
           r"(?<=(a))\1", r"(a)(?<=\1)", "(?(1)a)", "(a)(?(2)b)", "(a)(?(1)b|c|d)", "(?(x)a)", "(?(0)a)", "(?:a*)*", "(?:a*)*b", "(a*)*", "(a|b*)*", "(a*)+", "(?:)*", "()*", "(?=a)*", "(?=a)a", "^*", "$*", r"\b*",
           "(?L)a", "(?au)a", "(?a)ä", "(?P>n)", "(?", "(?P", "(?<", "a\\", "a{99999999999}", "(a?)*?b", "(a??)*", "(?:(a)|b)*", "(?:(a)|(b))+", "((a)|b)+?c", r"((a)\2)+", "(?s:.)(?-s:.)",
           "(?:a|ab)++c", "(?:a|ab){2}+c", "(?:ab?){1,2}+b", "(?>a*)*b", "(?>a|ab)b", "(?P<>a)", r"(?P<n>a)\k", r"[\w-]+", "a{2}{3}", "(?:a{2}){3}", "x{0}a", "(?:a|b){2,3}?", "(a){2}", "(?i:(?-i:a)B)"]
    for p in bad:
        for t in ["'ab'", "'aabbc'"]:
            yield f"(lambda m: m and (m.span(), m.groups(), m.lastindex))(re.search({p!r}, {t}))"
    yield from [
        r"re.sub(r'(\w)(\d)', r'\2\1', 'a1b2')", r"re.sub('(?P<x>a)', r'[\g<x>]', 'banana')", r"re.sub('a', r'\g<0>\g<0>', 'ba')", r"re.sub('a', r'\n\t\\', 'ba')",
        r"re.sub('a', r'\q', 'ba')", r"re.sub('a', r'\.', 'ba')", r"re.sub('a', r'\1', 'ba')", r"re.sub('(a)', r'\g<2>', 'ba')", r"re.sub('a', r'\g<x>', 'ba')", r"re.sub('a', r'\g', 'ba')",
        r"re.sub('a', r'\g<', 'ba')", r"re.sub('a', r'\101', 'ba')", r"re.sub('a', r'\0', 'ba')", r"re.sub('(a)|b', r'<\1>', 'ab')", "re.sub('a', lambda m: m[0].upper(), 'banana')", "re.sub('a', lambda m: None, 'banana')",
        "re.sub('a', lambda m: 1, 'banana')", "re.sub('a', 1, 'banana')", "re.sub('a', 'b', 'aaa', 2)", "re.sub('a', 'b', 'aaa', count=1)", "re.sub('a', 'b', 'aaa', -1)", "re.sub('', '-', 'abc')", "re.sub('x*', '-', 'abxd')",
        "re.subn('[aeiou]', '', 'education')", "re.split('a', 'banana', 1)", "re.split('(a)', 'banana')", "re.split('(a)|n', 'banana')", "re.split('', 'abc')", "re.split('x*', 'axbc')", r"re.split(r'\b', 'a b')", "re.split('a', 'b', -1)",
        "re.escape('a.b*c[d]{e}$f^g|h(i)\\\\j k-l#m&n~o')", "re.escape('ä_1')", "re.escape(5)", "re.search('b', 'abc')", "re.search('\\'', '\\'')", "re.compile('a')", "re.compile('a', re.I)", "re.compile('a', re.I | re.M | re.S | re.X | re.A)",
        "re.compile('(?i)a').flags", "re.compile('a', re.A).flags", "re.compile(re.compile('a'))", "re.compile(re.compile('a'), re.I)", "re.compile('a', 4)", "re.compile('a', re.A | re.U)", "re.compile(5)", "re.compile(None)", "re.compile([])",
        "re.compile('a') == re.compile('a')", "re.compile('a') == re.compile('a', re.I)", "re.search('a', 5)", "re.search('a', None)", "re.findall('a', 'A', flags=re.I)", "re.findall('a', 'A', flag=re.I)", "re.search('a')", "re.search()",
        "re.match('b', 'ab')", "re.fullmatch('a|ab', 'ab')", "re.fullmatch('a', 'ab')", "re.fullmatch('a*?', 'aa')", "re.compile('b').match('ab', 1)", "re.compile('^b').match('ab', 1)", "re.compile('a$').search('ab', 0, 1)", "re.compile('a').search('banana', -5)",
        "re.compile('a').search('banana', 3, 2)", "re.compile('a').findall('banana', 2, 4)", "re.compile(r'(?<=b)a').search('ba', 1)", "re.match('(a)(b)?', 'a').groups()", "re.match('(a)(b)?', 'a').groups('x')", "re.match('(a)(b)?', 'a').span(2)",
        "re.match('(a)(b)?', 'a').start(3)", "re.match('(a)', 'a')[1]", "re.match('(a)', 'a')[2]", "re.match('(?P<x>a)', 'a')['x']", "re.match('(?P<x>a)', 'a')['y']", "re.match('a', 'a').group(-1)", "re.match('a', 'a').group('0')", "re.match('a', 'a').group(1.0)",
        "re.match('a', 'a').group(True)", "re.match('(a)(b)', 'ab').group(1, 2)", "re.match('((a)(b))', 'ab').lastindex", "re.match('(?P<x>a)(b)', 'ab').lastgroup", "re.match('a', 'b').group()", "re.match('a', 'b') is None", "bool(re.match('', 'b'))",
        "re.match('a', 'ab').string", "re.match('a', 'ab').endpos", "re.match('(?P<x>a)', 'ab').re.groupindex['x']", "[m for m in re.finditer('x', 'ab')]", "re.findall('(?i)straße', 'STRASSE Straße')", "re.findall('(?i)k', 'kK\\u212a')", "re.findall('(?i)ſ', 'sSſ')",
        "re.findall('(?i)σ', 'ςσΣ')", "re.findall('(?i)[k-l]', '\\u212aKL')", "re.findall('(?i)i', 'iIİı')", "re.findall('(?ia)k', 'kK\\u212a')", r"re.findall(r'\w', 'a_1é²½Ⅷ中ि٣')", r"re.findall(r'\d', '1٣²')", r"re.findall(r'\s', ' \t\x1c\x85\xa0\u2003\u200b')",
        r"re.findall(r'(?a)\s', ' \t\x1c\x85\xa0')", r"re.findall('.', 'a\r\n\u2028b')", r"re.findall('$', 'a\n\n')", r"re.findall('(?m)$', 'a\n\nb')", r"re.findall(r'\Aa', 'aa')", r"re.findall('é', 'e\u0301é')", r"re.sub(r'(?<=\d)(?=(\d{3})+$)', ',', '1234567')",
        r"""re.findall(r'"([^"\\]|\\.)*"', '"a\\"b" c')""", r"re.fullmatch(r'(\d+)-(\d+)', '10-20').groups()", r"re.fullmatch(r'[\w.+-]+@[\w-]+\.[\w.]+', 'a.b+c@d-e.org') is not None", r"[re.sub(r'\s+', ' ', t).strip() for t in ['  a  b ', 'c']]",
        "re.match('(?P<année>a)', 'a').groupdict()", "(lambda p: re.findall(p, 'aXbX'))('[a-z]')", "re.split(r'(?<=,)', 'a,b,c')", r"re.findall(r'(?=(\w\w))', 'abcd')", "type(re.compile('a')).__name__", "re.compile('a' * 250)"]
    yield from ["'1१'.isdigit()", "'ि'.isalpha()", "'aि'.isalnum()", "'Ⅷ'.isalpha()", "'Ⅷ'.isalnum()", "'ⓐ'.isalpha()", "'᪁'.isdecimal()", "int('᪁')"]


def counters():
    made = ["Counter()", "Counter('banana')", "Counter([1, 1.0, True, 2])", "Counter({'a': 3, 'b': -1})", "Counter(a=2, b=0)", "Counter({'a': 1}, a=2)", "Counter(None)", "Counter(5)", "Counter([[1]])",
            "Counter('a', 'b')", "Counter({'a': 1.5})", "Counter({'a': 'x', 'b': 1})", "Counter(x % 3 for x in range(10))"]
    forms = ["{}", "{}.most_common()", "{}.most_common(1)", "{}.most_common(0)", "{}.most_common(-1)", "list({}.elements())", "{}.total()", "{}['zz']", "{}.get('zz')", "dict({})", "len({})", "list({})", "sorted({}.items(), key=str)",
             "{} + Counter('ab')", "{} - Counter('ab')", "{} & Counter('ab')", "{} | Counter('ab')", "{} == Counter('banana')", "{}.copy()", "'a' in {}", "bool({})", "max({}, key={}.get, default=None)", "isinstance({}, dict)",
             "{} == {{'b': 1, 'a': 3, 'n': 2}}", "sum({}.values())", "{}.update('x')", "{}.pop('a', None)"]
    for c, f in itertools.product(made, forms):
        yield f.format(*[c] * f.count("{}"))
    yield from ["(lambda c: [c.update('aab'), c][1])(Counter('b'))", "(lambda c: [c.subtract('aab'), c][1])(Counter('b'))", "(lambda c: [c.update({'a': 2}), c][1])(Counter('ab'))", "(lambda c: [c.update(a=2), c][1])(Counter('ab'))",
                "(lambda c: [c.subtract({'a': 2}, b=1), c][1])(Counter('ab'))", "Counter(a=1) == Counter(a=1, b=0)", "Counter(a=0) == {}", "type(Counter()).__name__", "Counter('ab') + {'a': 1}", "json.dumps(Counter('aab'))",
                "[w for w, n in Counter('a b a c a b'.split()).most_common(2)]", "{**Counter('aab')}", "str(Counter('aab'))", "f\"{Counter('a')}\"", "Counter('aab') != Counter('baa')"]
    parts = ["", "9", "9, 30", "9, 30, 15", "9, 30, 15, 250", "9, 30, tzinfo=timezone.utc", "23, 59, 59, 999999, timezone(timedelta(hours=-5))", "24", "9, 60", "-1", "'9'", "9.5", "9, second=5", "hour=7", "9, minutes=1"]
    forms = ["{}", "str({})", "{}.isoformat()", "{}.isoformat('milliseconds')", "{}.isoformat(timespec='hours')", "{}.strftime('%H:%M %p %I')", "{}.replace(hour=1)", "{}.hour", "{}.tzinfo", "{}.utcoffset()", "bool({})", "{} == dt.time(9, 30)",
             "{} < dt.time(10)", "datetime.combine(date(2018, 3, 1), {})", "f'{{{}}}'", "f'{{{}:%H}}'", "[{}]", "{}.minute", "{} + timedelta(1)", "{{{}: 1}}"]
    for p, f in itertools.product(parts, forms):
        yield f.format(f"dt.time({p})")
    yield from [f"dt.time.fromisoformat({t!r})" for t in ["09:30", "09:30:15", "09:30:15.250000", "09:30+02:00", "T09:30", "9:30", "24:00", "", "0930", "09", "x", "2018-03-01", "09:30:15Z"]]
    yield from ["dt.time.fromisoformat(5)", "datetime(2018, 3, 1, 9, 30, tzinfo=timezone.utc).time()", "datetime(2018, 3, 1, 9, 30, tzinfo=timezone.utc).timetz()", "datetime(2018, 3, 1, 9, tzinfo=timezone(timedelta(hours=5))).time()", "datetime.combine(datetime(2018, 3, 1, 5), dt.time(9))",
                "datetime.combine(date(2018, 3, 1), dt.time(9), timezone.utc)", "datetime.combine(date(2018, 3, 1), 5)", "datetime.combine(5, dt.time(9))", "dt.time(9) <= datetime(2018, 3, 1, 10).time() < dt.time(17)", "dt.time(9) == 5", "dt.time(9) < 5", "type(dt.time(9)).__name__",
                "isinstance(dt.time(9), dt.time)", "dt.date(2018, 3, 1).ctime()", "dt.datetime(2018, 3, 1).dst()", "max(dt.time(9), dt.time(10))", "dt.time(9, tzinfo=timezone.utc) == dt.time(10, tzinfo=timezone(timedelta(hours=1)))", "dt.time(9) == dt.time(9, tzinfo=timezone.utc)"]
    yield from ["sorted([float('nan'), 1] * 30) == []", "sorted([{1}, {2}, {1, 2}] * 20) == []", "sorted([(i * 7919) % 101 for i in range(300)])", "sorted([(i * 7919) % 11 for i in range(60)], reverse=True)",
                "sorted(range(50), key=lambda i: i % 3)", "sorted(range(50), key=lambda i: i % 3, reverse=True)", "[3, 1, 2].sort(reverse=True)", "sorted([1, 'a', 2])"]


def nested():
    """Changes inside collections, and calls by name."""
    for t in ["(lambda m: [m['x'].append(2), m])({'x': [1]})", "(lambda m: [m['x']['y'].update(a=1), m])({'x': {'y': {}}})", "(lambda m: [m.setdefault('k', []).append(1), m])({})", "(lambda m: [m.setdefault('k', []).append(1), m])({'k': [0]})",
              "(lambda m: [m.get('k').append(1), m])({'k': [0]})", "(lambda m: [m.get('z', []).append(1), m])({'k': [0]})", "(lambda m: [m[0][-1].append(1), m])([[[], []]])", "(lambda m: [m[1].add(5), m])((1, {2}))", "(lambda m: [(m['a'] or m['b']).append(1), m])({'a': [], 'b': [2]})",
              "(lambda m: [(m['a'] if m else 0).pop(), m])({'a': [1, 2]})", "(lambda m: [m['x'].sort(), m])({'x': [3, 1, 2]})", "(lambda m: [m['x'].pop(0), m])({'x': [3, 1, 2]})", "(lambda m: [m['y'].pop(0), m])({'x': [3]})", "(lambda m: [m['x'].append(m['x'].pop()), m])({'x': [1, 2]})",
              "(lambda m: [m[0:1].append(5), m])([1, 2])", "(lambda m: [m['x'].copy().append(5), m])({'x': [1]})", "(lambda m, k: [m[k.pop()].append(1), m, k])({'a': []}, ['b', 'a'])", "(lambda m: [m.setdefault('a', {}).setdefault('b', []).append(1), m])({})",
              "statistics.mean(data=[1, 3])", "round(number=2.567, ndigits=1)", "round(ndigits=1, number=2.567)", "round(2.5, digits=1)", "sum([1], begin=2)", "sorted(iterable=[1])", "enumerate('ab', start=1, stop=2)", "list(enumerate(iterable='ab', start=1))", "math.isclose(a=1, b=1.0)",
              "pow(base=2, exp=3)", "pow(2, mod=5, exp=3)", "int(x=1)", "len(obj=[1])", "max()", "max(1)", "range()", "range(1, 2, 3, 4)", "zip(stict=True)", "isinstance(1)", "divmod(1)", "str(object=5)", "json.loads(s='[1]')", "datetime(year=2018, month=3, day=1)", "datetime(2018, 3)", "timedelta(day=1)",
              "date(2018, month=3, day=1)", "datetime.strptime('2018')", "datetime.fromtimestamp(0, tz=timezone.utc)", "print", "getattr('a', 'upper')()", "getattr(5, 'x', 0)", "getattr(5, 'x')", "getattr(5, 1)", "hasattr(5, 'real')", "hasattr('', 'nope')", "getattr(5)",
              "'a'.upper(1)", "'a'.upper(x=1)", "[1].copy(2)", "{}.keys(1)", "'a,b'.split(sep=',')", "'a'.split(separator=',')", "'a'.replace('a', 'b', count=1)", "'a'.strip(chars='a')", "{}.get('a', default=1)", "datetime(2018, 3, 1).weekday(1)", "datetime(2018, 3, 1).replace(days=1)",
              "datetime(2018, 3, 1).isoformat(sep=' ')", "{}.popitem(1)", "[].clear(1)", "{1}.union([2], [3])", "{1}.symmetric_difference([2], [3])", "(5).bit_length(1)", "'{a}'.format(a=1, b=2)", "{}.update([('a', 1)], b=2)", "[1].sort(None)", "'a'.startswith(prefix='a')", "'ab'.find('b', 0, 5, 6)",
              "re.match('a', 'a').groups(default=1)", "re.match('a', 'a').group(group=0)", "re.compile('a').search('a', endpos=1)", "timedelta(1).total_seconds(1)", "str.upper('a', 1)", "list(map(str.strip, [' a']))",
              "json.dumps(date(2018, 3, 1), default=str)", "json.dumps({'a': {1}}, default=list)", "json.dumps({1}, default=5)", "json.dumps([1], default=None)", "json.dumps({'b': 1, 'a': {3}}, default=sorted, sort_keys=True)", "json.dumps(float('nan'), default=0)",
              "'a\\nb'.splitlines('x')", "'a\\nb'.splitlines(1)", "'ǅa'.swapcase()", "[].pop('a')", "{1}.remove([1])", "{1}.discard({})", "{1}.remove({1})", "{1}.symmetric_difference()", "Counter('aab') <= Counter('aabb')", "Counter('a') < Counter('a')", "Counter('a') > Counter()", "Counter(a=-1) >= Counter()",
              "list(zip(set(), False))", "list(zip('', [1], 5))", "list(map(len, '', 1))", "'a'.translate(5)", "'a'.translate('xyz')", "'a'.endswith(5, 7)", "'a'.startswith((1,), 7)", "dt.time(9).isoformat(5)", "timedelta(1) / True", "timedelta(1) // True", "timedelta(1) / float('inf')",
              "datetime.fromtimestamp(1136412339.9577765, timezone.utc)", "datetime.fromtimestamp(1146066000.4630015, timezone.utc)", "datetime.fromtimestamp(-1.5000005, timezone.utc)", "timedelta(hours=44416, microseconds=906332) * 786.4240038301032", "timedelta(seconds=-281.8531965) / 0.5",
              "timedelta(seconds=53054.5558235)", "timedelta(microseconds=0.5)", "timedelta(microseconds=1.5)", "timedelta(microseconds=2.5, days=1)", "timedelta(microseconds=-0.5)", "timedelta(days=0.7459241255526472, hours=18.07044194453713)", "timedelta(days=float('nan'))", "timedelta(days=float('inf'))", "timedelta(1) * float('nan')",
              "timedelta(microseconds=-4233185) * 0.1", "timedelta(microseconds=1) * 2.5", "timedelta(microseconds=3) / 2.0", "timedelta(milliseconds=0.3, seconds=0.0007)",
              "math.perm(5, 2)", "math.perm(5)", "math.perm(3, 5)", "math.perm(-1, 2)", "math.perm(5, None)", "math.lcm()", "math.lcm(4, 6)", "math.lcm(0, 5)", "math.lcm(-4, 6, 10)", "math.lcm(2.0)", "math.gcd(12, -18, 8)", "math.gcd()",
              "statistics.quantiles([1, 2, 3, 4])", "statistics.quantiles([1, 2, 3, 4], n=10)", "statistics.quantiles([1.5, 2.25, 7], n=3, method='inclusive')", "statistics.quantiles([1])", "statistics.quantiles([1, 2], n=0)", "statistics.quantiles([5, 1, 3, 2], method='x')", "statistics.quantiles(range(100), n=4)",
              "statistics.quantiles([1, 2], n=1)"]:
        if t != "print":
            yield t


def reference():
    """The examples of ../../functions: pages whose examples are Python's."""
    folder = pathlib.Path(__file__).parents[2] / "functions"
    for page in sorted(folder.rglob("*.md")):
        for line in page.read_text().splitlines():
            if line.startswith(">>> ") and not is_ours(line):
                yield line[4:]


def is_ours(line):
    """What Python does not have: aggregates' fields (a map's `set`, a list that gives itself), `parse_time`."""
    return any(name in line for name in ("session.", "parse_time("))


GROUPS = dict(reference=reference, patterns=patterns, counters=counters, nested=nested, numbers=numbers, texts=texts, collections=containers, functions=functions, dates=dates, averages=averages)

if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    total = 0
    for name, group in GROUPS.items():
        seen = dict.fromkeys(group())
        lines = [json.dumps(case(text)) for text in seen]
        (here / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
        total += len(lines)
    print(total)
