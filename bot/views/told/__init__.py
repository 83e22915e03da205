"""How entries of a history are told, part by part: a sentence each, and what outsiders of a secret read."""
