using System.Reflection;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Guards;

/// <summary>Every kind of problem is published once and provoked by a test.</summary>
public sealed class ProblemGuardTests
{
    [Fact]
    public void Every_problem_is_published_under_a_code_of_its_own()
    {
        var declared = typeof(GatewayApplication).Assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(ProblemType)).Select(field => (ProblemType)field.GetValue(null)!).ToList();

        Assert.NotEmpty(declared);
        Assert.Empty(declared.Except(GatewayProblems.All).Select(problem => problem.Code));
        Assert.Empty(GatewayProblems.All.GroupBy(problem => problem.Code).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(GatewayProblems.All, problem => Assert.Matches("^[a-z][a-z0-9_]*$", problem.Code));
        Assert.All(GatewayProblems.All, problem => Assert.InRange(problem.Status, 400, 599));
    }

    /// <summary>
    /// Seen only when two callers meet at the right microsecond, or after half a million attributes. May only shrink.
    /// </summary>
    private static readonly string[] NotProvoked = ["product_contended", "too_many_attributes"];

    [Fact]
    public void Every_problem_is_provoked_by_a_test()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

        string[] unprovoked = [.. GatewayProblems.All.Select(problem => problem.Code).Except(NotProvoked).Where(code => !tests.Contains($"\"{code}\"", StringComparison.Ordinal))];
        Assert.True(unprovoked.Length == 0, string.Join(" ", unprovoked));
    }
}
