CustobotGateway.Benchmarks.EngineBenchmark.Run(args[0], args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
