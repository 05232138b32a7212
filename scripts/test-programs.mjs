// Loaded into every test process (.taprc). tap hands its hooks on to whatever a test starts, by this variable: each of those programs
// would load them first, and three nodes take twice their time.
delete process.env.NODE_OPTIONS;
