//! The stores of an attribution document: where scores go and events come from. Refuses secrets in the text.

use super::{Attribute, Attributes, Reader};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::dialect::{self, WarehouseType};
use crate::document::{PostgresPlace, SnowflakePlace, Warehouse, WarehouseKind};
use crate::rules::names::Named;
use crate::rules::numbers::Bounds;
use crate::yaml::{Data, Node};

const WAREHOUSE: [Attribute; 16] = [
    Attribute::required("Type"),
    Attribute::required("Name"),
    Attribute::optional("Description"),
    Attribute::optional("Host"),
    Attribute::optional("Port"),
    Attribute::optional("Account"),
    Attribute::optional("Database"),
    Attribute::optional("Schema"),
    Attribute::optional("Warehouse"),
    Attribute::optional("Role"),
    Attribute::optional("User"),
    Attribute::optional("Bucket"),
    Attribute::optional("Prefix"),
    Attribute::optional("Format"),
    Attribute::optional("Table"),
    Attribute::optional("Events"),
];
/// What people write secrets under.
const SECRETS: [&str; 12] = [
    "Password",
    "Pass",
    "Passwd",
    "Token",
    "Secret",
    "SecretKey",
    "SecretAccessKey",
    "AccessKey",
    "AccessKeyId",
    "PrivateKey",
    "Passphrase",
    "Credentials",
];
const PORT: Bounds = Bounds { least: 1, most: 65_535, words: "a port, 1 to 65535", zero: true };

/// The attributes that a store of this type may have; one of an unknown type may have any.
pub(super) fn known(type_name: Option<&str>) -> Vec<Attribute> {
    let kind = type_name.and_then(dialect::warehouse_type);
    let belongs = |attribute: &&Attribute| kind.is_none_or(|kind| belongs(kind, attribute.name));
    let needed = |attribute: &Attribute| Attribute {
        required: attribute.required || kind.is_some_and(|kind| needs(kind, attribute.name)),
        ..*attribute
    };
    WAREHOUSE.iter().filter(belongs).map(needed).collect()
}

fn belongs(kind: WarehouseType, name: &str) -> bool {
    use WarehouseType::{Postgres, Redshift, S3, Snowflake};
    match name {
        "Host" | "Port" => matches!(kind, Postgres | Redshift),
        "Account" | "Warehouse" | "Role" => kind == Snowflake,
        "Database" | "Schema" | "User" | "Table" => kind != S3,
        "Bucket" | "Prefix" | "Format" => kind == S3,
        _ => true,
    }
}

fn needs(kind: WarehouseType, name: &str) -> bool {
    match name {
        "Account" | "Schema" => kind == WarehouseType::Snowflake,
        "Database" => matches!(kind, WarehouseType::Snowflake | WarehouseType::Redshift),
        "Host" => kind == WarehouseType::Redshift,
        "Bucket" => true,
        _ => false,
    }
}

impl Reader<'_> {
    pub fn warehouses(&mut self, attributes: &Attributes) -> Vec<Warehouse> {
        let mut stores = Vec::new();
        for item in self.items(attributes, "Stores") {
            stores.extend(self.warehouse(item));
        }
        stores
    }

    fn warehouse(&mut self, item: &Node) -> Option<Warehouse> {
        let item = &self.without_secrets(item);
        let attributes = self.attributes(item, "store", &known(item.text_of("Type").map(str::trim)))?;
        let name = self.name(&attributes, Named::Part);
        let kind = self.type_of(&attributes, "store", dialect::warehouse_type, dialect::WAREHOUSE_TYPES);
        let mut text = |name: &str| self.text_attribute(&attributes, name).map(|text| text.value);
        let (table, events) = (text("Table"), text("Events"));
        let kind = match kind?.0 {
            WarehouseType::Postgres => WarehouseKind::Postgres(self.postgres(&attributes)),
            WarehouseType::Redshift => WarehouseKind::Redshift(self.postgres(&attributes)),
            WarehouseType::Snowflake => WarehouseKind::Snowflake(SnowflakePlace {
                account: text("Account").unwrap_or_default(),
                database: text("Database").unwrap_or_default(),
                schema: text("Schema").unwrap_or_default(),
                warehouse: text("Warehouse"),
                role: text("Role"),
                user: text("User"),
            }),
            WarehouseType::S3 => WarehouseKind::S3 {
                bucket: text("Bucket").unwrap_or_default(),
                prefix: text("Prefix").unwrap_or_default(),
                csv: self.choice(&attributes, "Format", &[("parquet", false), ("csv", true)]) == Some(true),
            },
        };
        Some(Warehouse { name, kind, table, events })
    }

    fn postgres(&mut self, attributes: &Attributes) -> PostgresPlace {
        let port = self.small(attributes, "Port", PORT).and_then(|port| u16::try_from(port).ok());
        let mut text = |name: &str| self.text_attribute(attributes, name).map(|text| text.value);
        PostgresPlace {
            host: text("Host"),
            port,
            database: text("Database"),
            schema: text("Schema"),
            user: text("User"),
        }
    }

    /// Documents are made for git: what opens a door stays outside. Reports it, and gives the rest.
    fn without_secrets(&mut self, item: &Node) -> Node {
        let mut rest = item.clone();
        let Data::Mapping(pairs) = &mut rest.data else { return rest };
        pairs.retain(|pair| {
            let Some(key) = pair.key.scalar() else { return true };
            let named = SECRETS.iter().find(|secret| secret.eq_ignore_ascii_case(key.text.trim()));
            let within = pair.value.scalar().is_some_and(|value| holds_password(&value.text));
            let message = match named {
                Some(name) => format!("`{name}` does not belong into a document"),
                None if within => format!("{} holds a password", quote(&key.text)),
                None => return true,
            };
            let label = "whoever sees the document would have it";
            let fault = Diagnostic::error(codes::SECRET, message, pair.key.span, label);
            self.report(fault.help(
                "Take it out, change it where it was in use, and give it as `DTC_NAME_PASSWORD` in the environment or \
                 in the system's keychain",
            ));
            false
        });
        rest
    }
}

/// `postgres://user:password@host`
fn holds_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}
