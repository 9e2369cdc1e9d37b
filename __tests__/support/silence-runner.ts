// What the code under test says is for a runner: one that runs these tests would obey it. A test that wants to hear it
// listens with `captureLog`.
process.stdout.write = () => true
