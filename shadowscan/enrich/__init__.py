"""Everything awkward, done once per distinct value before any rule runs."""
