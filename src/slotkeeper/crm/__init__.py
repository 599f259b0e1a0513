"""The internal CRM: a file for each thing that is kept, one for each thing that is done with it, and the pure rules."""
