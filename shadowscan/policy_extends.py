"""What `extends` means: the base policy is read first, the file that extends it adds and narrows, and never widens."""

