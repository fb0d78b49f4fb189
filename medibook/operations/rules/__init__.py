"""Clinics as plain values: the demo, the small one of the proof, the crowd of the benchmarks."""
