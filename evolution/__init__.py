"""Decides: learns a taste from votes and proposes what to paint next."""
