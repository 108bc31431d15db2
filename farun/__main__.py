"""`python -m farun` is the `farun` command."""

from farun.cli import main

if __name__ == "__main__":
    main()
