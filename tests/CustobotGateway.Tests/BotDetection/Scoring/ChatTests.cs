using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.Tests.BotDetection.Scoring;

public sealed class ChatTests
{
    private static readonly string[] Machine =
    [
        "I'm looking for a waterproof jacket in size M that is available for delivery before Friday.",
        "Yes, I'd like to proceed with the blue one, could you please confirm the total including shipping?",
        "Thank you, please place the order and provide the confirmation number.",
    ];

    private static readonly string[] Person = ["hi do u have rain jackets", "M.. blue if theres any", "ok cool thx. how much is shipping? i need it by friday"];

    [Fact]
    public void Style_tells_them_apart_and_says_why()
    {
        var (machine, person) = (ChatScorer.Score(Customer(Machine)), ChatScorer.Score(Customer(Person)));

        Assert.True(machine.Score > 60, $"{machine.Score}");
        Assert.True(person.Score < 10, $"{person.Score}");
        Assert.Contains("chat_informal", person.Reasons.Select(reason => reason.Code));
        Assert.Equal("scored", machine.Status);
        Assert.Equal(machine.LogOdds, machine.Reasons.Sum(reason => reason.Weight), 0.5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Two_messages_of_the_customer_are_not_enough(int count)
    {
        var messages = Customer(Machine[..count]).Append(new ChatMessage(false, "How may I help you?")).Append(new(true, "  ")).ToArray();

        var score = ChatScorer.Score(messages);

        Assert.Null(score.Score);
        Assert.Equal("not_enough_text", score.Status);
        Assert.Empty(score.Reasons);
    }

    [Fact]
    public void What_staff_write_changes_nothing()
    {
        var alone = ChatScorer.Score(Customer(Person));
        var answered = Customer(Person).SelectMany(message => new[] { message, new ChatMessage(false, "Thank you for your message. How may I help you today?") }).ToArray();

        Assert.Equal(alone.LogOdds, ChatScorer.Score(answered).LogOdds);
    }

    [Fact]
    public void A_transcript_has_no_capitals_and_marks_of_its_own()
    {
        var spoken = Machine.Select(text => text.ToLowerInvariant().TrimEnd('.', '?')).ToArray();

        Assert.Equal(ChatScorer.Score(Customer(Machine), ChatChannel.Phone).LogOdds, ChatScorer.Score(Customer(spoken), ChatChannel.Phone).LogOdds, 0.4);
        Assert.True(ChatScorer.Score(Customer(spoken)).LogOdds < ChatScorer.Score(Customer(Machine)).LogOdds - 1);
        Assert.DoesNotContain(ChatScorer.Score(Customer(Machine), ChatChannel.Phone).Reasons, reason => reason.Code is "chat_capitals" or "chat_end_marks" or "chat_commas");
    }

    [Fact]
    public void Answers_faster_than_anybody_types_are_a_reason()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ChatMessage[] Timed(double seconds) => [.. Machine.SelectMany((text, i) => new ChatMessage[]
        {
            new(false, "Go on.", start.AddMinutes(i)), new(true, text, start.AddMinutes(i).AddSeconds(seconds)),
        })];

        var (fast, slow) = (ChatScorer.Score(Timed(0.8)), ChatScorer.Score(Timed(40)));

        Assert.Contains("chat_fast_replies", fast.Reasons.Select(reason => reason.Code));
        Assert.True(fast.LogOdds > slow.LogOdds + 1);
        Assert.Equal(ChatScorer.Score(Customer(Machine)).LogOdds, slow.LogOdds);
    }

    [Theory]
    [InlineData("\ud800\udfff\ud83d")]
    [InlineData("\ufffd\ufffd")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("[")]
    [InlineData("''''")]
    [InlineData("你好，我想买一件雨衣。")]
    [InlineData(".")]
    public void Any_text_has_a_score(string text)
    {
        var score = ChatScorer.Score(Customer(text, text + "1", text + "2"));

        Assert.InRange(score.Score!.Value, 0, 100);
        Assert.DoesNotContain("<", string.Concat(score.Reasons.Select(reason => reason.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_huge_conversations_the_beginning_is_looked_at()
    {
        var long1 = "Hello there. " + new string('a', 4_000);
        var many = Enumerable.Range(0, 200).Select(i => $"Message number {i}.").ToArray();

        Assert.Equal(ChatScorer.Score(Customer(long1, "Yes.", "No.")).LogOdds, ChatScorer.Score(Customer(long1 + new string('!', 1_000_000), "Yes.", "No.")).LogOdds);
        Assert.Equal(ChatScorer.Score(Customer(many)).LogOdds, ChatScorer.Score(Customer([.. many, .. Enumerable.Repeat("hey", 10_000)])).LogOdds);
    }

    private static ChatMessage[] Customer(params string[] texts) => [.. texts.Select(text => new ChatMessage(true, text))];
}
