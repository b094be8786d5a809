"""Kinds of ownership evidence, one file each; found by folder."""
