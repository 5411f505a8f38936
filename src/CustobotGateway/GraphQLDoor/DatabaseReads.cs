using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.GraphQLDoor;

/// <summary>Reads that need the database: while it is away they are refused with a code and a time to retry.</summary>
internal static class DatabaseReads
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException exception) when (DatabaseFailures.Describe(exception, migrated: true) is { } problem)
        {
            throw Problems.ToException(problem);
        }
    }
}
