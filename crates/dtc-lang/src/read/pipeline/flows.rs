//! The tables of flows: steps of preparation, training, scoring and serving. Each becomes states of a state
//! machine; what a kind of step takes is what its service needs and no default can say.

use super::shape::Takes::{
    Checked, Choice, Flag, Instance, List, Location, Name, Number, Pairs, Part, Release, Text, Texts,
};
use super::shape::{Refers, Shape, Slot, Takes, any, slot, whole};
use crate::cloud::words;

pub const STEP_KINDS: [&str; 12] =
    ["emr", "glue", "train", "automl", "model", "transform", "endpoint", "push", "check", "wait", "function", "notify"];

pub static FLOW: Shape = Shape {
    what: "flow",
    slots: &[
        slot("Name", Name, "What schedules and alarms call it.").needed(),
        slot("Description", Text, "Words for people."),
        slot("Steps", List(&STEP), "What is done, from the top to the bottom unless `Next` or `Else` say otherwise.")
            .needed(),
        slot(
            "TimeoutMinutes",
            whole(1, 525_600, "a number of minutes, 1 to 525600"),
            "A flow that takes longer fails; a day where it is missing.",
        ),
    ],
};

const EMR: &[&str] = &["emr"];
const GLUE: &[&str] = &["glue"];
const JOBS: &[&str] = &["emr", "glue"];
const TRAIN: &[&str] = &["train"];
const AUTOML: &[&str] = &["automl"];
const ENDPOINT: &[&str] = &["endpoint"];
const CHECK: &[&str] = &["check"];
const MACHINES: &[&str] = &["train", "transform", "endpoint"];
const HOURS: Takes = whole(1, 672, "a number of hours, 1 to 672");

/// What training takes beside its machine.
const IMAGE: Slot =
    slot("Image", Checked(words::image), "The container: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG`.");

pub static STEP: Shape = Shape {
    what: "step",
    slots: &[
        slot("Type", Choice(&STEP_KINDS), "What is done: a Spark job (`emr`, `glue`), `train`, `automl`, `model`, `transform`, `endpoint`, `push` to a table, `check`, `wait`, `function`, `notify`.").needed(),
        slot("Name", Name, "What other steps, alarms and logs call it.").needed(),
        slot("Description", Text, "Words for people."),
        slot("Next", Part(Refers::Step), "The step after it, `stop` or `fail`; the one below where it is missing."),
        slot("Else", Part(Refers::Step), "The step where the check does not hold, `stop` or `fail`; `fail` where it is missing.").of(CHECK),
        slot("Attempts", whole(0, 100, "a number of attempts, 0 to 100"), "How often it is tried again; 3 where it is missing."),
        slot("RetrySeconds", whole(1, 86_400, "a number of seconds, 1 to 86400"), "Seconds before the second attempt; 30 where it is missing."),
        slot("Backoff", Number(1.0), "Each wait is so many times the one before; 2 where it is missing."),
        slot("TimeoutMinutes", whole(1, 40_320, "a number of minutes, 1 to 40320"), "A step that takes longer fails."),
        slot("Release", Release, "EMR's release, such as `emr-7.13.0` or `emr-spark-8.0.0`.").of(EMR),
        slot("Script", Checked(words::file), "The job's Python file, from the project's folder.").needed().of(JOBS),
        slot("Arguments", Texts(any), "What the job is called with.").of(JOBS),
        slot("Executors", whole(1, 1000, "a number of executors, 1 to 1000"), "Spark executors; 4 where it is missing.").of(EMR),
        slot("MemoryGb", whole(2, 108, "a number of gigabytes, 2 to 108"), "Memory of each executor; 8 where it is missing.").of(EMR),
        slot("Version", Choice(&["5.1", "5.0", "4.0"]), "Glue's version, in quotes.").of(GLUE),
        slot("Worker", Choice(&["G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"]), "Glue's kind of worker; `G.1X` where it is missing.").of(GLUE),
        slot("Workers", whole(2, 299, "a number of workers, 2 to 299"), "Glue's workers; 2 where it is missing.").of(GLUE),
        slot("Flexible", Flag, "Cheaper and without a promise when it starts, for jobs that can wait.").of(GLUE),
        slot("Input", Location, "Where it reads: `data/features/` in a bucket of this document, or `s3://…`.").of(&["emr", "glue", "train", "automl", "transform", "push"]),
        slot("Output", Location, "Where it writes.").of(&["emr", "glue", "train", "automl", "transform"]),
        Slot { required: true, of: TRAIN, ..IMAGE },
        slot("Channels", Pairs(any), "Names of the trainer's inputs to places in S3, besides `Input`, which is `train`.").of(TRAIN),
        slot("Hyperparameters", Pairs(any), "Names and values that the trainer is given.").of(TRAIN),
        slot("Spot", Flag, "Train on spare machines: cheaper, and it may take longer.").of(TRAIN),
        slot("MaxHours", HOURS, "Training that takes longer is ended; 24 where it is missing.").of(&["train", "automl"]),
        slot("VolumeGb", whole(1, 16_384, "a number of gigabytes, 1 to 16384"), "Disk of each machine; 30 where it is missing.").of(TRAIN),
        slot("Target", Text, "The column to predict.").needed().of(AUTOML),
        slot("Problem", Choice(&["Regression", "BinaryClassification", "MulticlassClassification"]), "What kind of prediction it is.").of(AUTOML),
        slot("Objective", Choice(&["MSE", "Accuracy", "F1", "F1macro", "AUC", "RMSE", "MAE", "R2", "BalancedAccuracy", "Precision", "PrecisionMacro", "Recall", "RecallMacro"]), "What the best candidate is best at.").of(AUTOML),
        slot("MaxCandidates", whole(1, 750, "a number of candidates, 1 to 750"), "Candidates that are tried; 50 where it is missing.").of(AUTOML),
        slot("PollSeconds", whole(1, 86_400, "a number of seconds, 1 to 86400"), "How often is asked whether it is done; 300 where it is missing.").of(AUTOML),
        slot("From", Part(Refers::Model), "The step that trained it: the best of `automl`, or what `train` made.").needed().of(&["model"]),
        slot("Image", Checked(words::image), "The container that serves; the trainer's own where it is missing.").of(&["model"]),
        slot("Model", Part(Refers::Model), "The step whose model is used.").needed().of(&["transform", "endpoint"]),
        slot("ContentType", Choice(&["text/csv", "application/jsonlines", "application/json", "application/x-parquet"]), "What the model reads.").of(&["transform"]),
        slot("Instance", Instance, "The machine, such as `ml.m5.xlarge`.").of(MACHINES),
        slot("Count", whole(1, 1000, "a number of machines, 1 to 1000"), "Machines; 1 where it is missing.").of(MACHINES),
        slot("ServerlessMb", Choice(&["1024", "2048", "3072", "4096", "5120", "6144"]), "Serve without a machine of its own, with so much memory.").of(ENDPOINT),
        slot("ServerlessConcurrency", whole(1, 200, "a number of requests, 1 to 200"), "Requests at once, of an endpoint without a machine; 5 where it is missing.").of(ENDPOINT),
        slot("CanaryPercent", whole(1, 50, "a number of percent, 1 to 50"), "A new model serves so much first, and back when alarms go off; 10 where it is missing.").of(ENDPOINT),
        slot("CanaryMinutes", whole(1, 60, "a number of minutes, 1 to 60"), "How long that is watched; 10 where it is missing.").of(ENDPOINT),
        slot("KeepOld", Flag, "Whether configuration and model before are kept; they are deleted where this is missing.").of(ENDPOINT),
        slot("Table", Part(Refers::Table), "The table that takes the rows.").needed().of(&["push"]),
        slot("Exists", Location, "It holds where something lies there.").of(CHECK),
        slot("NewerThanHours", whole(1, 8760, "a number of hours, 1 to 8760"), "And where it is not older than that.").of(CHECK),
        slot("ModelOf", Part(Refers::Model), "It holds where this step's model is there.").of(CHECK),
        slot("EverySeconds", whole(1, 86_400, "a number of seconds, 1 to 86400"), "Check again after so many seconds, until it holds.").of(CHECK),
        slot("AtMostMinutes", whole(1, 10_080, "a number of minutes, 1 to 10080"), "How long it is checked again; an hour where it is missing.").of(CHECK),
        slot("Seconds", whole(1, 31_536_000, "a number of seconds, 1 to 31536000"), "How long it waits.").needed().of(&["wait"]),
        slot("Document", Part(Refers::Document), "The document that is run, such as an attribution.").needed().of(&["function"]),
        slot("Subject", Text, "The first line of the message.").needed().of(&["notify"]),
        slot("Message", Text, "What people are told.").of(&["notify"]),
    ],
};
