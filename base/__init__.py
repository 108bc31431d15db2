"""What every room needs and none owns: settings, clock, database, money, privacy, logs."""
