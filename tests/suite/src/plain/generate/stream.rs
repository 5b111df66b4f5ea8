//! Random streaming documents.

use super::expressions::{Place, TYPES, condition, value};
use super::{AggregateGenes, Choices, Genes, Times, quoted};

/// What expressions can refer to.
pub struct Stream {
    /// Whether Blurr's rules hold.
    pub blurr: bool,
    pub aggregates: Vec<Declared>,
}

pub struct Declared {
    pub name: String,
    pub kind: &'static str,
    pub fields: Vec<(String, &'static str)>,
    pub dimensions: Vec<(String, &'static str)>,
}

impl Declared {
    pub fn has_times(&self) -> bool {
        matches!(self.kind, "Block" | "Session" | "Activity")
    }

    /// Every field that an expression can name, without the implicit ones.
    pub fn all(&self) -> impl Iterator<Item = &(String, &'static str)> {
        self.fields.iter().chain(&self.dimensions)
    }
}

impl Stream {
    pub fn new(genes: &[AggregateGenes], blurr: bool) -> Stream {
        let kinds = ["Block", "Identity", "Session", "Activity", "Variable"];
        let declared = |(index, genes): (usize, &AggregateGenes)| {
            let kind = Choices::new(&genes.head).of(&kinds);
            let fields = genes.fields.iter().enumerate();
            let fields = fields.map(|(place, genes)| (format!("f{place}"), Choices::new(genes).of(&TYPES)));
            let dimensions = genes.dimensions.iter().enumerate();
            let dimensions = dimensions
                .map(|(place, genes)| (format!("d{place}"), Choices::new(genes).of(&["string", "integer", "boolean"])));
            let keyed = matches!(kind, "Block" | "Identity");
            let dimensions = dimensions.filter(|_| keyed).collect();
            Declared { name: format!("a{index}"), kind, fields: fields.collect(), dimensions }
        };
        let mut aggregates: Vec<Declared> = genes.iter().enumerate().map(declared).collect();
        for aggregate in &mut aggregates {
            if aggregate.kind == "Block" && aggregate.dimensions.is_empty() {
                aggregate.dimensions.push(("d0".to_owned(), "string"));
            }
        }
        Stream { blurr, aggregates }
    }

    pub fn document(&self, head: &Genes, genes: &[AggregateGenes], times: Times) -> String {
        let mut choices = Choices::new(head);
        let mut text = "Type: ProductML:DTC:Streaming\nVersion: '2018-03-01'\nName: s\n".to_owned();
        if self.blurr {
            text += "Compatibility: blurr\n";
        }
        let identity = choices.of(&["source.who", "source['who']", "source.who", "str(source.who)"]);
        let time = choices.of(&["parse_time(source.at)", "parse_time(source['at'])", "parse_time(source.at.strip())"]);
        text += &format!("Identity: {identity}\nTime: {time}\n");
        if choices.one_in(3) {
            let other = if times == Times::Distinct { "source.id" } else { "source.n" };
            text += &format!("EventId: {}\n", choices.of(&["source.id", other]));
        }
        if choices.one_in(4) {
            text += &format!("When: {}\n", quoted(&condition(&mut choices, &Place { stream: self, own: None }, 0)));
        }
        text += "Stores:\n  - { Type: 'ProductML:DTC:Store:Memory', Name: mem }\n";
        if choices.one_in(4) {
            text += "  - { Type: 'ProductML:DTC:Store:Memory', Name: other }\n";
        }
        text += "Aggregates:\n";
        for (index, genes) in genes.iter().enumerate() {
            text += &self.aggregate(index, genes);
        }
        text
    }

    fn aggregate(&self, index: usize, genes: &AggregateGenes) -> String {
        let declared = &self.aggregates[index];
        let place = Place { stream: self, own: Some(index) };
        let mut choices = Choices::new(&genes.head);
        choices.below(1);
        let kind = declared.kind;
        let mut text = format!("  - Type: ProductML:DTC:Aggregate:{kind}\n    Name: {}\n", declared.name);
        let stored = choices.below(3);
        if stored > 0 || !matches!(kind, "Variable" | "Activity") {
            text += "    Store: mem\n";
        }
        if choices.one_in(3) {
            text += &format!("    When: {}\n", quoted(&condition(&mut choices, &place, 0)));
        }
        match kind {
            "Session" => text += &format!("    Split: {}\n", quoted(&self.split(index, &mut choices, &place))),
            "Activity" => {
                text += &format!("    SeparateByInactiveSeconds: {}\n", choices.of(&[60, 3600, 1, 86_400]));
            }
            _ => {}
        }
        text += "    Fields:\n";
        for ((name, field_type), genes) in declared.fields.iter().zip(&genes.fields) {
            text += &field(name, field_type, genes, &place);
        }
        if !declared.dimensions.is_empty() {
            text += "    Dimensions:\n";
            for (position, (name, field_type)) in declared.dimensions.iter().enumerate() {
                text += &dimension(name, field_type, genes.dimensions.get(position).unwrap_or(&[0; 32]), &place);
            }
        }
        text
    }

    fn split(&self, index: usize, choices: &mut Choices, place: &Place) -> String {
        let name = &self.aggregates[index].name;
        match choices.below(6) {
            0 => "source.b == True".to_owned(),
            1 => format!("(time - {name}._end_time).total_seconds() > 60"),
            2 => "source.b".to_owned(),
            3 => format!("time != {name}._start_time"),
            4 => "(time - _end_time).seconds >= 3600".to_owned(),
            _ => condition(choices, place, 0),
        }
    }
}

fn field(name: &str, field_type: &str, genes: &Genes, place: &Place) -> String {
    let mut choices = Choices::new(genes);
    choices.below(1);
    let shown = if field_type == "string" && choices.one_in(4) { "" } else { field_type };
    let shown = if shown.is_empty() { String::new() } else { format!(", Type: {shown}") };
    let when = match choices.one_in(3) {
        true => format!(", When: {}", quoted(&condition(&mut choices, place, 0))),
        false => String::new(),
    };
    let value = value(field_type, name, &mut choices, place);
    format!("      - {{ Name: {name}{shown}, Value: {}{when} }}\n", quoted(&value))
}

fn dimension(name: &str, field_type: &str, genes: &Genes, place: &Place) -> String {
    let mut choices = Choices::new(genes);
    choices.below(1);
    let mut value = match field_type {
        "integer" => choices.of(&["source.n", "time.day", "time.hour // 12", "len(source.l)"]).to_owned(),
        "boolean" => choices.of(&["source.b", "source.n", "source.s"]).to_owned(),
        _ => choices.of(&["source.s", "source.at[:10]", "source.x", "source.o.k", "str(time.date())"]).to_owned(),
    };
    let when = match choices.one_in(5) {
        true => format!(", When: {}", quoted(&condition(&mut choices, place, 0))),
        false => String::new(),
    };
    if choices.one_in(6) {
        value = super::expressions::value(field_type, name, &mut choices, place);
    }
    format!("      - {{ Name: {name}, Type: {field_type}, Value: {}{when} }}\n", quoted(&value))
}
