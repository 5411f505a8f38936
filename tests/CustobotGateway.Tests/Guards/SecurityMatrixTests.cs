using System.Text.RegularExpressions;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Guards;

/// <summary>Each test that the security documents name exists.</summary>
public sealed partial class SecurityMatrixTests
{
    [Fact]
    public void Every_test_that_the_matrix_names_exists()
    {
        var named = Directory.EnumerateFiles(Repository.PathOf("docs", "security"), "*.md").SelectMany(file => Named().Matches(File.ReadAllText(file)))
            .Select(match => (Class: match.Groups["class"].Value, Test: match.Groups["test"].Value)).Distinct().ToList();
        var files = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .GroupBy(Path.GetFileNameWithoutExtension).ToDictionary(group => group.Key!, group => string.Concat(group.Select(File.ReadAllText)));

        Assert.True(named.Count > 100, $"Only {named.Count} tests are named.");
        Assert.DoesNotContain(named, one => !files.TryGetValue(one.Class, out var text) || !text.Contains($" {one.Test}(", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)\.(?<test>\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
