//! Text to decision, and the fast decision against a slow and obvious one.

mod agreement;
mod decisions;
mod objects;
mod reference;
mod vocabulary;

use plant::{Address, Plant, Source};
use wire::modbus::codes;
use wire::{Kind, Message, Object, Operation, Protocol};

use crate::Policy;

/// The plant of this text.
fn plant(text: &str) -> Plant {
    plant::parse(&[Source { name: "cell.toml".into(), text: text.into() }])
        .unwrap_or_else(|all| panic!("{all:#?}\n{text}"))
}

/// The policy of this text.
fn policy(text: &str) -> Policy {
    Policy::compile(&plant(text)).unwrap_or_else(|all| panic!("{all:#?}\n{text}"))
}

fn addresses(text: &str) -> Vec<Address> {
    text.split(' ').map(|address| address.parse().unwrap()).collect()
}

/// The Modbus operation with this name.
fn operation(name: &str) -> &'static Operation {
    let rows = [codes::FUNCTIONS, codes::DIAGNOSTICS, codes::ENCAPSULATED, codes::USER_DEFINED];
    rows.into_iter().flatten().find(|row| row.name == name).unwrap()
}

/// A Modbus message of this operation on this object, `holding 100..109` or nothing.
fn modbus<'a>(kind: Kind, name: &str, object: &'a str) -> Message<'a> {
    let message = Message::new(Protocol::MODBUS, kind, operation(name), 0);
    let Some((space, numbers)) = object.split_once(' ') else { return message };
    let (first, last) = numbers.split_once("..").unwrap_or((numbers, numbers));
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    message.on(Object::Range { space, first, count: last - first + 1 })
}
