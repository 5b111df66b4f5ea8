"""Takes decisions as our join service does, the way the demo would with a database: FastAPI, one commit to SQLite a request.
WAL with synchronous=FULL: a commit is on disk when the request is answered. uvicorn runs with uvloop and httptools."""

import sqlite3
import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
database = sqlite3.connect(sys.argv[2], isolation_level=None, check_same_thread=False)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute(
    "CREATE TABLE decisions (key TEXT PRIMARY KEY, action TEXT, probability REAL, context TEXT, insert_ms INTEGER) WITHOUT ROWID"
)


class Decision(BaseModel):
    key: str
    action: str
    probability: float
    context: dict


@app.get("/")
async def healthcheck():
    return {"ok": True}


@app.post("/log_decision")
async def log_decision(decision: Decision):
    database.execute(
        "INSERT OR IGNORE INTO decisions VALUES (?, ?, ?, ?, unixepoch() * 1000)",
        (decision.key, decision.action, decision.probability, str(decision.context)),
    )
    return {"ok": True}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False, loop="uvloop", http="httptools")
