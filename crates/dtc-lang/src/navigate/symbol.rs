//! What a name in a document can stand for, told apart across the project's documents.

/// The names that lead to it, the document's first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    Document(String),
    Aggregate(String, String),
    /// Of an aggregate: fields and dimensions.
    Field(String, String, String),
    /// `_identity`, `_start_time`, `_end_time`: the aggregate brings them along.
    Implicit(String, String, String),
    /// The list that a window of 2018-03 names.
    WindowList(String, String),
    Store(String, String),
    /// What a document imports, by the name that its expressions use.
    Import(String, String),
    /// Of a script: its module's name and its own.
    Function(String, String),
    /// A field of the data, with the names that lead to it.
    Data(Vec<String>),
}

impl Symbol {
    /// In a user's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Symbol::Document(_) => "document",
            Symbol::Aggregate(..) => "aggregate",
            Symbol::Field(..) => "field",
            Symbol::Implicit(..) => "field of every record",
            Symbol::WindowList(..) => "window",
            Symbol::Store(..) => "store",
            Symbol::Import(..) => "import",
            Symbol::Function(..) => "function",
            Symbol::Data(_) => "field of the data",
        }
    }
}
