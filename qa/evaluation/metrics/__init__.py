"""What is measured: rankings, texts, the decision to answer, and how far chance goes."""
