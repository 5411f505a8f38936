namespace CustobotGateway.Tests.Common;

/// <summary>The checked-out repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its folder: the nearest one above that holds the solution.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>A file or folder in it.</summary>
    public static string PathOf(params string[] steps) => Path.Combine([Root, .. steps]);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "CustobotGateway.sln")) ? folder
        : Above(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("The tests run outside of their repository."));
}
