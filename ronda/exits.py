"""Exit codes, the same for every command.

0   done, nothing wrong
1   done, and something was found: a failed scenario, a violation, a ticket left uncured
2   bad input: arguments, a pack or scenario file, settings
3   the account: unreachable, credentials, names it has not
4   this machine: the data file, the port, another service on the same data
5   stopped by a brake before the first write: what an audit would have touched or sent passes a limit
130 interrupted
141 whoever read the output closed it, as `| head` does
"""

FINE, FOUND, BAD_INPUT, ACCOUNT, MACHINE, BRAKED, INTERRUPTED, UNREAD = 0, 1, 2, 3, 4, 5, 130, 141
