"""Each benchmark runs, and its figures have the right shape; how large they are is for `make bench` to say."""
