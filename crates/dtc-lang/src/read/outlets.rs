//! Where a join document's service takes events from beside HTTP, and where its records go.

use super::{Attribute, Attributes, Reader};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{
    JoinSink, JoinSource, MECHANISMS, Name, SinkKind, SourceKind, Spanned, Stream, Topic, TopicLogin,
};
use crate::rules::names::Named;
use crate::rules::numbers::Bounds;
use crate::rules::required::missing;
use crate::yaml::Node;

/// Kinds of sinks and of sources, as `Type` names them.
pub const SINKS: [&str; 5] = ["stdout", "files", "http", "kafka", "kinesis"];
pub const SOURCES: [&str; 3] = ["files", "kafka", "kinesis"];

pub(super) const SINK: [Attribute; 17] = [
    Attribute::required("Type"),
    Attribute::optional("Name"),
    Attribute::optional("Description"),
    Attribute::optional("Folder"),
    Attribute::optional("RotateMegabytes"),
    Attribute::optional("Url"),
    Attribute::optional("TokenVariable"),
    Attribute::optional("Brokers"),
    Attribute::optional("Topic"),
    Attribute::optional("Tls"),
    Attribute::optional("Certificates"),
    Attribute::optional("Mechanism"),
    Attribute::optional("User"),
    Attribute::optional("PasswordVariable"),
    Attribute::optional("Stream"),
    Attribute::optional("Region"),
    Attribute::optional("Endpoint"),
];
pub(super) const SOURCE: [Attribute; 14] = [
    Attribute::required("Type"),
    Attribute::optional("Name"),
    Attribute::optional("Description"),
    Attribute::optional("Folder"),
    Attribute::optional("Brokers"),
    Attribute::optional("Topic"),
    Attribute::optional("Tls"),
    Attribute::optional("Certificates"),
    Attribute::optional("Mechanism"),
    Attribute::optional("User"),
    Attribute::optional("PasswordVariable"),
    Attribute::optional("Stream"),
    Attribute::optional("Region"),
    Attribute::optional("Endpoint"),
];

const MEGABYTES: Bounds = Bounds { least: 1, most: 1_000_000, words: "a whole number of at least 1", zero: true };
const ADDRESS: &[&str] = &["http://", "https://"];

/// Whether a sink or source of the kind has the attribute; an unknown kind may have any.
pub(super) fn belongs(kind: Option<&str>, name: &str) -> bool {
    let owner = match name {
        "Folder" | "RotateMegabytes" => "files",
        "Url" | "TokenVariable" => "http",
        "Brokers" | "Topic" | "Tls" | "Certificates" | "Mechanism" | "User" | "PasswordVariable" => "kafka",
        "Stream" | "Region" | "Endpoint" => "kinesis",
        _ => return true,
    };
    kind.is_none_or(|kind| kind == owner)
}

/// The kind that is written, if there is one.
pub(super) fn kind_of<'k>(known: &[&'k str], written: &str) -> Option<&'k str> {
    known.iter().copied().find(|kind| kind.eq_ignore_ascii_case(written.trim()))
}

impl Reader<'_> {
    pub(super) fn sinks(&mut self, document: &Attributes) -> Vec<JoinSink> {
        let mut sinks: Vec<JoinSink> = Vec::new();
        for item in self.items(document, "Sinks") {
            let Some((attributes, kind)) = self.outlet(item, "sink", &SINK, &SINKS) else { continue };
            let kind = match kind {
                "stdout" => SinkKind::Stdout,
                "files" => SinkKind::Files {
                    folder: self.wanted(&attributes, "Folder"),
                    rotate_megabytes: self.small(&attributes, "RotateMegabytes", MEGABYTES),
                },
                "http" => SinkKind::Http {
                    url: self.address(&attributes, "Url", true),
                    token_variable: self.text_attribute(&attributes, "TokenVariable").map(|text| text.value),
                },
                "kafka" => SinkKind::Kafka(self.topic(&attributes)),
                _ => SinkKind::Kinesis(self.stream(&attributes)),
            };
            let names: Vec<&str> = sinks.iter().map(|sink| sink.name.value.as_str()).collect();
            let name = self.outlet_name(&attributes, kind.name(), &names);
            sinks.push(JoinSink { name, kind });
        }
        sinks
    }

    pub(super) fn sources(&mut self, document: &Attributes) -> Vec<JoinSource> {
        let mut sources: Vec<JoinSource> = Vec::new();
        for item in self.items(document, "Sources") {
            let Some((attributes, kind)) = self.outlet(item, "source", &SOURCE, &SOURCES) else { continue };
            let kind = match kind {
                "files" => SourceKind::Files { folder: self.wanted(&attributes, "Folder") },
                "kafka" => SourceKind::Kafka(self.topic(&attributes)),
                _ => SourceKind::Kinesis(self.stream(&attributes)),
            };
            let names: Vec<&str> = sources.iter().map(|source| source.name.value.as_str()).collect();
            let name = self.outlet_name(&attributes, kind.name(), &names);
            sources.push(JoinSource { name, kind });
        }
        sources
    }

    fn outlet<'n>(
        &mut self,
        item: &'n Node,
        what: &str,
        all: &[Attribute],
        kinds: &[&'static str],
    ) -> Option<(Attributes<'n>, &'static str)> {
        let written = item
            .mapping()?
            .iter()
            .find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Type")));
        let kind = written.and_then(|pair| kind_of(kinds, &pair.value.scalar()?.text));
        let known: Vec<Attribute> = all.iter().filter(|attribute| belongs(kind, attribute.name)).copied().collect();
        let attributes = self.attributes(item, what, &known)?;
        let choices: Vec<(&str, &'static str)> = kinds.iter().map(|kind| (*kind, *kind)).collect();
        let kind = self.choice(&attributes, "Type", &choices)?;
        Some((attributes, kind))
    }

    /// The name that is written, or the kind's, or where that is taken the kind's with a number.
    fn outlet_name(&mut self, attributes: &Attributes, kind: &str, taken: &[&str]) -> Name {
        if attributes.get("Name").is_some() {
            return self.name(attributes, Named::Part);
        }
        let numbered = (2..).map(|number| format!("{kind}_{number}"));
        let mut names = std::iter::once(kind.to_owned()).chain(numbered);
        let value = names.find(|name| !taken.contains(&name.as_str())).unwrap_or_default();
        Spanned { value, span: attributes.place }
    }

    fn topic(&mut self, attributes: &Attributes) -> Topic {
        let brokers = self.wanted(attributes, "Brokers");
        if let Some(entry) = attributes.get("Brokers")
            && let Some(bad) = brokers.split(',').map(str::trim).find(|broker| !is_host_and_port(broker))
        {
            let diagnostic = Diagnostic::error(
                codes::BAD_ADDRESS,
                format!("{} is not the address of a broker", quote(bad)),
                entry.value.span,
                "no host and port",
            );
            self.report(diagnostic.help("Write `host:port`, and several separated by commas"));
        }
        let certificates = self.text_attribute(attributes, "Certificates").map(|text| text.value);
        let tls = self.choice(attributes, "Tls", &[("true", true), ("false", false)]);
        Topic {
            brokers,
            topic: self.wanted(attributes, "Topic"),
            tls: tls.unwrap_or_default() || certificates.is_some(),
            certificates,
            login: self.login(attributes),
        }
    }

    /// `None` where nobody logs in. A mechanism or half of a login asks for the rest.
    fn login(&mut self, attributes: &Attributes) -> Option<TopicLogin> {
        let mechanism = self.choice(attributes, "Mechanism", &MECHANISMS.map(|name| (name, name)));
        let is_told = ["Mechanism", "User", "PasswordVariable"].iter().any(|name| attributes.any(name).is_some());
        is_told.then(|| TopicLogin {
            mechanism: mechanism.unwrap_or(MECHANISMS[0]),
            user: self.wanted(attributes, "User"),
            password_variable: self.wanted(attributes, "PasswordVariable"),
        })
    }

    fn stream(&mut self, attributes: &Attributes) -> Stream {
        Stream {
            stream: self.wanted(attributes, "Stream"),
            region: self.text_attribute(attributes, "Region").map(|text| text.value),
            endpoint: attributes.get("Endpoint").is_some().then(|| self.address(attributes, "Endpoint", false)),
        }
    }

    fn address(&mut self, attributes: &Attributes, name: &str, needed: bool) -> String {
        if needed && attributes.any(name).is_none() {
            self.report(missing(attributes, name));
        }
        let Some(written) = self.text_attribute(attributes, name) else { return String::new() };
        let host = ADDRESS.iter().find_map(|start| written.value.strip_prefix(start));
        let is_good = host.is_some_and(|rest| !rest.starts_with('/') && !rest.is_empty() && !rest.contains(' '));
        if !is_good {
            let diagnostic = Diagnostic::error(
                codes::BAD_ADDRESS,
                format!("{} is no address of the web", quote(&written.value)),
                written.span,
                "it does not begin with `http://` or `https://` and a host",
            );
            self.report(diagnostic.help("Write it as `https://host:port/path`"));
        }
        written.value
    }

    fn wanted(&mut self, attributes: &Attributes, name: &str) -> String {
        self.needed_text(attributes, name).trim().to_owned()
    }
}

fn is_host_and_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
}
