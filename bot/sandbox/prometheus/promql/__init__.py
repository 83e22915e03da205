"""The part of Prometheus' query language that the stand-in speaks: read, checked, evaluated."""
