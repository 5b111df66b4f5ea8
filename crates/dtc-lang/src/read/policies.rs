//! The policies of a join document: which kind each is, and what that kind takes.

use super::{Attribute, Attributes, Reader};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{POLICY_KINDS, Policy, PolicyKind};
use crate::rules::names::Named;
use crate::rules::required::missing;
use crate::yaml::Node;

const NAME: Attribute = Attribute::required("Name");
const KIND: Attribute = Attribute::required("Kind");
const DESCRIPTION: Attribute = Attribute::optional("Description");

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Logged,
    Uniform,
    Constant,
    Expression,
    Column,
    File,
}

const KINDS: [(&str, Kind); 6] = {
    let [logged, uniform, constant, expression, column, file] = POLICY_KINDS;
    [
        (logged, Kind::Logged),
        (uniform, Kind::Uniform),
        (constant, Kind::Constant),
        (expression, Kind::Expression),
        (column, Kind::Column),
        (file, Kind::File),
    ]
};

/// What a policy of a kind may say; of an unknown kind, everything.
pub(super) fn known(kind: Option<&str>) -> Vec<Attribute> {
    let kind = kind.and_then(|text| KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim())));
    let own = match kind.map(|(_, kind)| *kind) {
        Some(Kind::Logged | Kind::Uniform) => vec![],
        Some(Kind::Constant) => vec![Attribute::required("Action")],
        Some(Kind::Expression | Kind::Column) => vec![Attribute::required("Value")],
        Some(Kind::File) => vec![Attribute::required("File")],
        None => ["Action", "Value", "File"].map(Attribute::optional).to_vec(),
    };
    [vec![NAME, KIND], own, vec![DESCRIPTION]].concat()
}

impl Reader<'_> {
    pub fn policies(&mut self, attributes: &Attributes) -> Vec<Policy> {
        let mut policies: Vec<Policy> = Vec::new();
        for item in self.items(attributes, "Policies") {
            let Some(policy) = self.policy(item) else { continue };
            if policies.iter().any(|known| known.name.value == policy.name.value) {
                let name = &policy.name;
                let fault = Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    format!("Two policies are called {}", quote(&name.value)),
                    name.span,
                    "this name is taken",
                );
                self.report(fault.help("Give each policy a name of its own: charts and tables call it so"));
            }
            policies.push(policy);
        }
        policies
    }

    fn policy(&mut self, item: &Node) -> Option<Policy> {
        let pairs = item.mapping().unwrap_or_default();
        let kind = pairs.iter().find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Kind")));
        let written = kind.and_then(|pair| pair.value.scalar()).map(|scalar| scalar.text.clone());
        let attributes = self.attributes(item, "policy", &known(written.as_deref()))?;
        let name = self.name(&attributes, Named::Part);
        let kind = match self.choice(&attributes, "Kind", &KINDS)? {
            Kind::Logged => PolicyKind::Logged,
            Kind::Uniform => PolicyKind::Uniform,
            Kind::Constant => PolicyKind::Constant(self.text_attribute(&attributes, "Action")?.value),
            Kind::Expression => PolicyKind::Expression(self.optional_expression(&attributes, "Value")?),
            Kind::Column => PolicyKind::Column(self.optional_expression(&attributes, "Value")?),
            Kind::File => PolicyKind::File(self.text_attribute(&attributes, "File")?),
        };
        Some(Policy { name, kind })
    }

    /// Policies weigh what was logged by its probability.
    pub fn policies_need_probability(&mut self, decision: Option<&Attributes>, policies: &[Policy]) {
        let Some(decision) = decision else { return };
        let weighed = policies.iter().any(|policy| policy.kind != PolicyKind::Logged);
        if weighed && decision.get("Probability").is_none() {
            let fault = missing(decision, "Probability");
            self.report(fault.help("Policies are judged by the probability with which the logged action was taken"));
        }
    }
}
