using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Common.Idempotency;

/// <summary>What a write leaves behind when it is repeated, meets itself, or fails.</summary>
public sealed class WritesTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private sealed record Answer(int Number);

    private Writes Writes => gateway.App.Services.GetRequiredService<Writes>();

    private static WriteAttempt Attempt(string key) => new(AgentPrincipal.Administrator, "test", key, new { Body = 1 });

    [Fact]
    public async Task A_repetition_that_meets_the_first_at_work_is_told_to_wait()
    {
        var goOn = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var first = Writes.RunAsync<Answer>(Attempt("at-work"), async _ =>
        {
            started.SetResult();
            await goOn.Task;
            return new Answer(1);
        }, CancellationToken.None);
        await started.Task;

        var meanwhile = await Writes.RunAsync<Answer>(Attempt("at-work"), _ => throw new InvalidOperationException("must not run"), CancellationToken.None);
        goOn.SetResult();
        var firstAnswer = await first;
        var afterwards = await Writes.RunAsync<Answer>(Attempt("at-work"), _ => throw new InvalidOperationException("must not run"), CancellationToken.None);

        Assert.Equal("idempotency_in_flight", meanwhile.Problem!.Type.Code);
        Assert.Equal(1, meanwhile.Problem.RetryAfterSeconds);
        Assert.Equal(firstAnswer.Value, afterwards.Value);
    }

    [Fact]
    public async Task A_write_that_failed_inside_may_be_tried_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Writes.RunAsync<Answer>(Attempt("failed"), _ => throw new InvalidOperationException("broken"), CancellationToken.None));

        var second = await Writes.RunAsync<Answer>(Attempt("failed"), _ => Task.FromResult<Outcome<Answer>>(new Answer(2)), CancellationToken.None);

        Assert.Equal(2, second.Value.Number);
    }

    [Fact]
    public async Task Without_a_key_each_request_is_one_of_its_own()
    {
        var runs = 0;
        for (var i = 0; i < 2; i++)
        {
            await Writes.RunAsync<Answer>(Attempt("unused") with { Key = null }, _ => Task.FromResult<Outcome<Answer>>(new Answer(++runs)), CancellationToken.None);
        }

        Assert.Equal(2, runs);
    }
}
