//! Small dense systems: LU factorisation, solving, inverse. Rows in one block of memory.
//!
//! Pivots are the largest of their column. Of I − Q of an absorbing chain they are on the diagonal or near it.

pub(super) struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

/// A factorised matrix: L below the diagonal, U on and above it, rows swapped as `swaps` says.
pub(super) struct Factors {
    lu: Matrix,
    swaps: Vec<usize>,
}

impl Matrix {
    pub fn zero(size: usize) -> Matrix {
        Matrix { size, cells: vec![0.0; size * size] }
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.size + column] = value;
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.size..(row + 1) * self.size]
    }

    /// `None` for a matrix that has no inverse.
    pub fn factorise(mut self) -> Option<Factors> {
        let size = self.size;
        let mut swaps = Vec::with_capacity(size);
        for pivot in 0..size {
            let largest = |row: &usize| self.at(*row, pivot).abs();
            let best = (pivot..size).max_by(|a, b| largest(a).total_cmp(&largest(b)).then(b.cmp(a)))?;
            if self.at(best, pivot) == 0.0 || !self.at(best, pivot).is_finite() {
                return None;
            }
            swaps.push(best);
            if best != pivot {
                (0..size).for_each(|column| self.cells.swap(best * size + column, pivot * size + column));
            }
            let (above, below) = self.cells.split_at_mut((pivot + 1) * size);
            let pivot_row = &above[pivot * size..];
            for row in below.chunks_exact_mut(size).filter(|row| row[pivot] != 0.0) {
                let factor = row[pivot] / pivot_row[pivot];
                row[pivot] = factor;
                subtract(&mut row[pivot + 1..], &pivot_row[pivot + 1..], factor);
            }
        }
        Some(Factors { lu: self, swaps })
    }
}

fn subtract(row: &mut [f64], other: &[f64], factor: f64) {
    for (cell, other) in row.iter_mut().zip(other) {
        *cell -= factor * other;
    }
}

impl Factors {
    /// x of A·x = b.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let size = self.lu.size;
        let mut x = right.to_vec();
        for (row, other) in self.swaps.iter().enumerate() {
            x.swap(row, *other);
        }
        for row in 0..size {
            let known: f64 = self.lu.row(row)[..row].iter().zip(&x).map(|(cell, x)| cell * x).sum();
            x[row] -= known;
        }
        for row in (0..size).rev() {
            let cells = self.lu.row(row);
            let known: f64 = cells[row + 1..].iter().zip(&x[row + 1..]).map(|(cell, x)| cell * x).sum();
            x[row] = (x[row] - known) / cells[row];
        }
        x
    }

    /// The inverse, all columns at once.
    pub fn inverse(&self) -> Matrix {
        let size = self.lu.size;
        let mut inverse = Matrix::zero(size);
        let mut order: Vec<usize> = (0..size).collect();
        for (row, other) in self.swaps.iter().enumerate() {
            order.swap(row, *other);
        }
        for (row, column) in order.into_iter().enumerate() {
            inverse.set(row, column, 1.0);
        }
        for row in 0..size {
            let (above, below) = inverse.cells.split_at_mut(row * size);
            for (other, factor) in self.lu.row(row)[..row].iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
                subtract(&mut below[..size], &above[other * size..(other + 1) * size], *factor);
            }
        }
        for row in (0..size).rev() {
            let cells = self.lu.row(row);
            let (above, below) = inverse.cells.split_at_mut((row + 1) * size);
            let target = &mut above[row * size..];
            for (other, factor) in cells.iter().enumerate().skip(row + 1).filter(|(_, factor)| **factor != 0.0) {
                subtract(target, &below[(other - row - 1) * size..(other - row) * size], *factor);
            }
            target.iter_mut().for_each(|cell| *cell /= cells[row]);
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn factors_solve_and_invert_with_swapped_rows() {
        let cells = [[0.0, 2.0, 1.0], [1.0, 0.0, 0.0], [3.0, 1.0, -1.0]];
        let matrix = || {
            let mut matrix = Matrix::zero(3);
            (0..9).for_each(|cell| matrix.set(cell / 3, cell % 3, cells[cell / 3][cell % 3]));
            matrix
        };
        let factors = matrix().factorise().unwrap();
        let x = factors.solve(&[7.0, 1.0, 2.0]);
        for (row, wanted) in [7.0, 1.0, 2.0].into_iter().enumerate() {
            let found: f64 = cells[row].iter().zip(&x).map(|(cell, x)| cell * x).sum();
            assert!((found - wanted).abs() < 1e-14, "{x:?}");
        }
        let inverse = factors.inverse();
        for (row, cells) in cells.iter().enumerate() {
            for column in 0..3 {
                let found: f64 = cells.iter().enumerate().map(|(k, cell)| cell * inverse.at(k, column)).sum();
                assert!((found - f64::from(u8::from(row == column))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_matrix_without_inverse_has_no_factors() {
        assert!(Matrix::zero(2).factorise().is_none());
    }
}
