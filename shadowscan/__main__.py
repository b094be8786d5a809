"""`python -m shadowscan`: works even where another package owns the command's name."""

from shadowscan.cli import main

main()
