"""The calls of Zendesk's API that are emulated: one module a resource, each with its table `routes`."""
