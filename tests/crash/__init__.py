"""kill -9 of the server and the worker at random instants, under load; then: nothing lost, nothing twice."""
