"""Snowflake's SQL API (POST and GET /api/v2/statements) over fakesnow, for tests. Ends when its input is closed.

    python snowflake_api.py FOLDER ACCOUNT.USER

Puts keys into the folder (key.pem opens, other.pem and locked.pem do not) and prints its port. Each request is a session of its own; several statements must be counted; a statement that fails
takes the transaction with it; rows come in parts of 100, later ones packed; every third answer is asked for twice.
"""

import base64
import gzip
import hashlib
import json
import os
import sys
import threading
import time
from datetime import timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import sqlglot
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fakesnow.instance import FakeSnow

PART = 100
TYPES = {0: "fixed", 1: "real", 2: "text", 3: "date", 5: "variant", 6: "timestamp_ltz", 7: "timestamp_tz",
         8: "timestamp_ntz", 9: "object", 10: "array", 13: "boolean"}

snow = FakeSnow()
lock = threading.Lock()
answers = {}
subject = sys.argv[2]


def make_key(name, shape, lock=serialization.NoEncryption()):
    made = rsa.generate_private_key(65537, 2048)
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(made.private_bytes(serialization.Encoding.PEM, shape, lock))
    return made.public_key()


key = make_key("key.pem", serialization.PrivateFormat.PKCS8)
make_key("other.pem", serialization.PrivateFormat.TraditionalOpenSSL)
make_key("locked.pem", serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret"))


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def lets_in(headers):
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    if headers.get("X-Snowflake-Authorization-Token-Type") != "KEYPAIR_JWT":
        return token == "a-good-token"
    try:
        head, claims, signature = token.split(".")
        key.verify(decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception:
        return False
    claims = json.loads(decoded(claims))
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(info).digest()).decode()
    fits = claims["sub"] == subject and claims["iss"] == f"{subject}.{fingerprint}"
    return fits and claims["iat"] <= time.time() + 5 and claims["iat"] < claims["exp"] <= claims["iat"] + 3600


def text(kind, value):
    if value is None:
        return None
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "date":
        return str((value - type(value)(1970, 1, 1)).days)
    if kind.startswith("timestamp"):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        seconds = f"{int(moment.timestamp())}.{moment.microsecond:06d}000"
        return f"{seconds} 1440" if kind == "timestamp_tz" else seconds
    return str(value)


def run(body):
    wanted = int(body.get("parameters", {}).get("MULTI_STATEMENT_COUNT", "1"))
    statements = [one for one in sqlglot.parse(body["statement"], read="snowflake") if one is not None]
    if wanted not in (0, len(statements)):
        return 422, {"code": "000008", "message": f"Actual statement count {len(statements)} did not match {wanted}."}
    connection = snow.connect(body["database"], body["schema"])
    try:
        for statement in statements:
            cursor = connection.cursor()
            cursor.execute(statement.sql(dialect="snowflake"))
        rows = cursor.fetchall() if cursor.description else []
    except Exception as error:
        try:
            connection.cursor().execute("ROLLBACK")
        except Exception:
            pass
        code = getattr(error, "errno", None)
        return 422, {"code": f"{code or 0:06d}", "message": str(error)}
    kinds = [(column.name, TYPES.get(column.type_code, "text")) for column in cursor.description or []]
    data = [[text(kind, value) for (_, kind), value in zip(kinds, row)] for row in rows]
    parts = [data[first : first + PART] for first in range(0, len(data), PART)] or [[]]
    handle = f"handle-{len(answers)}"
    answer = {
        "code": "090001",
        "statementHandle": handle,
        "resultSetMetaData": {
            "numRows": len(data),
            "format": "jsonv2",
            "rowType": [{"name": name, "type": kind} for name, kind in kinds],
            "partitionInfo": [{"rowCount": len(part)} for part in parts],
        },
        "data": parts[0],
    }
    answers[handle] = (answer, parts)
    if len(answers) % 3 == 0:
        return 202, {"code": "333334", "statementHandle": handle, "message": "in progress"}
    return 200, answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, packed=False):
        data = json.dumps(body).encode()
        if packed:
            data = gzip.compress(data)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not lets_in(self.headers):
            return self.answer(401, {"code": "390144", "message": "JWT token is invalid."})
        with lock:
            self.answer(*run(json.loads(body)))

    def do_GET(self):
        if not lets_in(self.headers):
            return self.answer(401, {"code": "390144", "message": "JWT token is invalid."})
        url = urlparse(self.path)
        answer, parts = answers[url.path.rsplit("/", 1)[1]]
        part = parse_qs(url.query).get("partition")
        if part:
            return self.answer(200, {"data": parts[int(part[0])]}, packed=True)
        self.answer(200, answer)


def end_with_input():
    sys.stdin.read()
    os._exit(0)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=end_with_input, daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
