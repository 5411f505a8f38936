using System.Net;
using System.Text;
using CustobotGateway.Commands;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>The history of a grant is exported whole and verifies offline; what was done to the file shows.</summary>
public sealed class GrantHistoryTests(DelegationFixture shop) : IClassFixture<DelegationFixture>
{
    private async Task<(string[] Lines, string Head)> ExportAsync()
    {
        var agent = await shop.GrantAsync();
        await shop.AskAsync(agent);
        foreach (var step in new[] { "pause", "resume", "pause" })
        {
            await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/{step}");
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/grants/{agent.GrantId}/events");
        request.Headers.Authorization = new("Bearer", shop.ManagerToken);
        using var answer = await shop.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        return (lines, answer.Headers.GetValues("Event-Head").Single());
    }

    private static Task<Grants.Verdict> VerifyAsync(IEnumerable<string> lines, string? head = null) =>
        Grants.VerifyAsync(new StringReader(string.Concat(lines.Select(line => line + "\n"))), head, CancellationToken.None);

    [Fact]
    public async Task Export_holds_offline()
    {
        var (lines, head) = await ExportAsync();

        var verdict = await VerifyAsync(lines, head);

        Assert.True(verdict.Holds, verdict.Text);
        Assert.Contains("5 events", verdict.Text, StringComparison.Ordinal);
        Assert.Contains(head, verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_taken_out_moved_or_cut_off_shows()
    {
        var (lines, head) = await ExportAsync();

        await BreaksAsync([lines[0], lines[1].Replace("12000", "11000", StringComparison.Ordinal), .. lines[2..]], "line 2, version 2");
        await BreaksAsync([lines[0], .. lines[2..]], "version 2 should stand here");
        await BreaksAsync([lines[0], lines[2], lines[1], .. lines[3..]], "line 2, version 3");
        await BreaksAsync([.. lines, lines[4]], "line 6, version 5");
        await BreaksAsync([.. lines[..3], "{}"], "line 4 is no event");
        await BreaksAsync([.. lines[..3], "not json"], "line 4 is no event");
        await BreaksAsync([], "no event");
        // The chain alone cannot tell what was cut off at its end.
        Assert.True((await VerifyAsync(lines[..4])).Holds);
        Assert.False((await VerifyAsync(lines[..4], head)).Holds);

        static async Task BreaksAsync(string[] broken, string says)
        {
            var verdict = await VerifyAsync(broken);
            Assert.False(verdict.Holds);
            Assert.Contains(says, verdict.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Verb_ends_with_0_for_a_file_that_holds_and_with_1_for_one_that_does_not()
    {
        var (lines, head) = await ExportAsync();
        var file = Path.Combine(shop.DataDirectory, "grant.jsonl");
        await File.WriteAllLinesAsync(file, lines, new UTF8Encoding(false));

        Assert.Equal(ExitCode.Done, await CommandLine.RunAsync(["grants", "verify", file, "--head", head], [Grants.Verb]));
        await File.WriteAllLinesAsync(file, lines[1..], new UTF8Encoding(false));
        Assert.Equal(ExitCode.Failed, await CommandLine.RunAsync(["grants", "verify", file], [Grants.Verb]));
        Assert.Equal(ExitCode.Failed, await CommandLine.RunAsync(["grants", "verify", file + ".none"], [Grants.Verb]));
        Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(["grants", "verify"], [Grants.Verb]));
    }
}
