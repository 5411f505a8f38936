using CustobotGateway.Benchmarks;

switch (args)
{
    // The floor and the load generator run as processes of their own, so that their processor time is counted apart.
    case ["floor", var answers]:
        await FloorServer.RunAsync(answers);
        return 0;
    case ["load", var queries]:
        LoadGenerator.Run(queries);
        return 0;
    case ["load", var queries, var path]:
        LoadGenerator.Run(queries, path);
        return 0;
    case ["load-requests", var requests]:
        LoadGenerator.RunRequests(requests);
        return 0;
    // For work on the index alone: a folder with the workload's files, their size, and how many rounds.
    case ["index", var folder, var size, var rounds]:
        EngineBenchmark.Run(folder, size, int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["--help" or "-h", ..]:
        System.Console.Out.WriteLine(BenchOptions.Help);
        return 0;
    default:
        return BenchOptions.Read(args) is { } options ? await Bench.RunAsync(options) : 2;
}
