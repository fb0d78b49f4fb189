"""Answering without signing in: by a link in a message, or by SMS; and what of it people must read.

A link is for one subject and one set of actions; whoever opens it sees the first name, the time and the
clinic, and nothing else. Looking changes nothing: mail scanners follow every link. What is done, is done
as the patient, or as the guardian, to whom the message was sent, judged anew at that moment; every rule
stays where it is, in the rooms below.
"""
