"""Changes: what is asked for, approved, carried out and taken back; windows, freezes and the gate. Pure."""
