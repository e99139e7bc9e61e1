"""The section for webhooks: who is told of events, how that goes, and sending again."""
