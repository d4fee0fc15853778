"""What is asked of AWS: clients with bounded waits, records that change conditionally."""
