//! Identity and Block aggregates: one record per distinct dimensions, reopened when they come again.

use std::sync::Arc;

use dtc_expr::{FieldType, Mode, Scalar, Value};

use crate::identity::Worker;
use crate::output::RecordKey;
use crate::plan::{AggregatePlan, FieldPlan, KindPlan};
use crate::record::{Note, Recorder};
use crate::run::Stopped;

impl<'p, R: Recorder> Worker<'p, R> {
    /// When; dimensions; switch to their record; When again (over that record); fields; dimensions last.
    pub(crate) fn keyed(
        &mut self,
        index: usize,
        plan: &'p AggregatePlan,
        dimensions: &'p [FieldPlan],
    ) -> Result<(), Stopped> {
        if !self.holds(plan.when.as_ref())? {
            return Ok(());
        }
        let stays = !R::LISTENS && self.stays(index, dimensions);
        if !stays {
            self.dimensions.clear();
            for dimension in dimensions {
                match self.field_value(dimension)? {
                    Some(value) => self.dimensions.push(value),
                    None => return Ok(()),
                }
            }
            self.switch(index, dimensions);
        }
        if !self.holds(plan.when.as_ref())? {
            return Ok(());
        }
        self.status[index].entered = true;
        self.fields(index, plan)?;
        if !stays {
            for (place, dimension) in dimensions.iter().enumerate() {
                let value = std::mem::take(&mut self.dimensions[place]);
                self.set(index, dimension.slot, value);
            }
        }
        self.remember(index, false);
        Ok(())
    }

    /// Whether the event plainly belongs to the current record: its dimensions are texts and integers of
    /// the event that are the record's own.
    fn stays(&self, index: usize, dimensions: &[FieldPlan]) -> bool {
        let status = &self.status[index];
        if let ([dimension], Some(cell), Some(_)) = (dimensions, status.cell, &status.key)
            && dimension.when.is_none()
            && dimension.value.cell().is_some_and(|slot| cell == (self.frame.row.part, self.frame.row.key(slot)))
        {
            return true;
        }
        let group = &self.frame.groups[index];
        status.key.is_some()
            && dimensions.iter().all(|dimension| {
                let value = dimension.value.scalar(&self.frame).filter(|_| dimension.when.is_none());
                match (dimension.field_type, value, &group[dimension.slot]) {
                    (FieldType::Integer, Some(Scalar::Int(new)), Value::Int(old)) => new == *old,
                    (FieldType::String, Some(new), Value::Str(old)) => new.text() == Some(&**old),
                    _ => false,
                }
            })
    }

    /// Makes the record of the dimension values at hand the current one.
    fn switch(&mut self, index: usize, dimensions: &[FieldPlan]) {
        let group = &self.frame.groups[index];
        let same = dimensions.iter().zip(&self.dimensions).all(|(dimension, value)| group[dimension.slot] == *value);
        if same && self.status[index].key.is_some() {
            return;
        }
        self.close_keyed(index);
        let key = RecordKey::Dimensions(self.dimensions.iter().map(text).collect());
        let spot = self.store.find(index, &key);
        let stored = spot.place;
        let known = stored.is_some();
        match stored {
            Some(place) => {
                self.restore_at(index, place as usize);
                self.status[index].entered = true;
                self.remember(index, true);
            }
            None => {
                self.frame.groups[index].clone_from(&self.defaults[index]);
                self.status[index].entered = false;
            }
        }
        self.tell(Note::Opened { aggregate: index, key: Some(&key), stored: known });
        let status = &mut self.status[index];
        (status.key, status.spot) = (Some(key), Some(spot));
        // Of one part, equal cells are equal values.
        status.cell = match dimensions {
            [dimension] => dimension.value.cell().map(|slot| (self.frame.row.part, self.frame.row.key(slot))),
            _ => None,
        };
    }

    /// Stores the current record under its key; another one must become the current one. One that no event entered is kept only by Blurr.
    pub(crate) fn close_keyed(&mut self, index: usize) {
        let entered = self.status[index].entered || matches!(self.plan.aggregates[index].kind, KindPlan::Variable);
        if !entered && self.plan.mode == Mode::Studio {
            return;
        }
        if let Some(key) = self.status[index].key.take() {
            self.tell(Note::Closed { aggregate: index, key: &key });
            let values = std::mem::take(&mut self.frame.groups[index]);
            let place = match self.status[index].spot.take() {
                Some(spot) => self.store.put_at(spot, index, key, values),
                None => self.store.put(index, key, values),
            };
            self.tell(Note::Stored { aggregate: index, place });
        }
    }
}

fn text(value: &Value) -> Arc<str> {
    match value {
        Value::Str(text) => text.clone(),
        other => Arc::from(other.to_text()),
    }
}
