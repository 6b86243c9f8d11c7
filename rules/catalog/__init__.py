"""One file a rule; a file's name is the rule's kind."""
