"""What was handed in elsewhere, from files: a predecessor's purchases."""
