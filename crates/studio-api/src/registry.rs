//! The only list of commands and feeds. Hosts expand it, so that a command without an answer does
//! not compile.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::*;

pub trait Command: Serialize + DeserializeOwned {
    const NAME: &'static str;
    type Reply: Serialize + DeserializeOwned;
}

pub trait Feed: Serialize + DeserializeOwned {
    const NAME: &'static str;
    type Item: Serialize + DeserializeOwned;
}

/// Hands the whole list of commands to a macro: `with_commands!(expand)` calls
/// `expand! { Request => Reply, … }`.
#[macro_export]
macro_rules! with_commands {
    ($macro:ident) => {
        $macro! {
            GetCapabilities => Capabilities,
            ListTemplates => Vec<Template>,
            ListProjects => Vec<RecentProject>,
            OpenTemplate => Project,
            OpenProject => Project,
            PickFolder => Option<Project>,
            ImportProject => Project,
            ReadDocument => DocumentText,
            WriteDocument => DocumentText,
            CreateDocument => DocumentInfo,
            PickSamples => Vec<Sample>,
            BeginUpload => UploadId,
            UploadChunk => (),
            FinishUpload => Vec<Sample>,
            CancelUpload => (),
            SelectSample => Vec<Sample>,
            RemoveSample => Vec<Sample>,
            DescribeSample => SampleReport,
            StartRun => RunId,
            CancelRun => (),
            ForgetRun => (),
            ReadRows => Page,
            ReadIdentity => Vec<IdentityRow>,
            Explain => Story,
            ReadSteps => Steps,
            Attribute => AttributionReport,
            DoubtAttribution => AttributionReport,
            ListRuns => Vec<KnownRun>,
            SaveRun => KnownRun,
            CompareRuns => AttributionReport,
            DrawPart => Option<Drawing>,
            ReadPart => PartTable,
            TakeReport => Option<TakenFile>,
            ReadJourneys => JourneyPage,
            ReadJourney => JourneyStory,
            JoinRewards => RewardReport,
            TakeRewards => Option<TakenFile>,
            StopReports => (),
            ExportBundle => ExportInfo,
            DownloadExport => ExportZip,
            SaveExport => SaveOutcome,
            VerifyExport => VerifyId,
            CancelVerify => (),
        }
    };
}

/// As `with_commands!`, for feeds: `Request => Item`.
#[macro_export]
macro_rules! with_feeds {
    ($macro:ident) => {
        $macro! {
            WatchRun => RunEvent,
            WatchProject => ProjectEvent,
            WatchDrops => DropEvent,
            WatchVerify => VerifyState,
        }
    };
}

macro_rules! commands {
    ($($request:ident => $reply:ty,)*) => {
        $(impl Command for $request {
            const NAME: &'static str = stringify!($request);
            type Reply = $reply;
        })*
    };
}
with_commands!(commands);

macro_rules! feeds {
    ($($request:ident => $item:ty,)*) => {
        $(impl Feed for $request {
            const NAME: &'static str = stringify!($request);
            type Item = $item;
        })*
    };
}
with_feeds!(feeds);
