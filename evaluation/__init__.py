"""How good and how fast farun is: figures on labelled questions and cases, and the benches."""
