using CustobotGateway.Common.Database.Embedded;

namespace CustobotGateway.Commands;

/// <summary><c>gateway database</c>: only the private PostgreSQL, for tests and for a look into the data.</summary>
public static class Database
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "database",
        Summary = "Start only the private PostgreSQL, print its connection string, and stop it on Ctrl-C",
        Options = [GatewayOptions.Data, new("--no-sync", null, "Commits do not wait for the disk: for tests, never for data that matters")],
        RunAsync = async (words, cancellationToken) =>
        {
            using var folder = DataFolder.Take(DataFolder.PathOf(words["--data"]));
            await using var database = await EmbeddedPostgres.StartAsync(folder.Path, !words.Has("--no-sync"), text => System.Console.Error.WriteLine("gateway: " + text), cancellationToken);
            System.Console.Out.WriteLine(database.ConnectionString);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how it is meant to end.
            }
            return ExitCode.Done;
        },
    };
}
