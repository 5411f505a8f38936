using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.BotDetection;

/// <summary>
/// Judges from the style of a customer's messages whether a language model writes them, so that customer service learns why. Nothing of it is kept, and nothing is decided by it.
/// </summary>
public static class ScoreChats
{
    /// <summary>The most conversations of a batch.</summary>
    public const int MostConversations = 1_000;

    private const int MostMessages = 2_000;
    private const int LongestId = 256;
    private const int LongestRole = 64;

    /// <summary>A batch.</summary>
    /// <param name="Conversations">1 to 1,000 conversations.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record Request(IReadOnlyList<Conversation> Conversations);

    /// <summary>A conversation.</summary>
    /// <param name="Id">Its name, unique in the batch.</param>
    /// <param name="Messages">Its messages, oldest first; at most 2,000. Those of the role <c>customer</c> or <c>user</c> are judged, from three on.</param>
    /// <param name="Channel">How it was held: <c>chat</c> (the default), <c>phone</c> as its transcript, or <c>social</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record Conversation(string Id, IReadOnlyList<Message> Messages, ChatChannel Channel = ChatChannel.Chat);

    /// <summary>A message.</summary>
    /// <param name="Role">Who wrote it.</param>
    /// <param name="Text">What.</param>
    /// <param name="At">When: a time (RFC 3339), or seconds as a number, of any beginning; null where it is not known.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record Message(string Role, string Text, JsonElement? At = null);

    /// <summary>What the batch came to.</summary>
    /// <param name="Results">One for each conversation, in order.</param>
    public sealed record Response(IReadOnlyList<Result> Results);

    /// <summary>What one conversation shows.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Score">The chance that a language model writes for the customer, in hundredths; null where there is not enough text.</param>
    /// <param name="Status"><c>scored</c>, or <c>not_enough_text</c> below three messages of the customer.</param>
    /// <param name="Reasons">What of the style led to it, the largest contributions first.</param>
    public sealed record Result(string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Score, string Status, IReadOnlyList<CallerReason> Reasons);

    internal static void Map(RouteGroupBuilder detection) => detection
        .MapPost("/chat", Handle).WithName("scoreChats").OnlyReads().RequireScope(Common.Scopes.BotScore).LimitBody(ScoreCallers.MostBytes).Validate<Request>()
        .WithSummary("Judge who writes for a customer")
        .WithDescription("Up to 1,000 conversations, judged by the style of the customer's messages, not by their words; not below three of them. A phone call comes as its transcript with turn times, audio itself is not read. "
            + "For staff to understand a conversation; never to accuse somebody by.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413);

    private static Ok<Response> Handle(Request request) => TypedResults.Ok(Run(request));

    /// <summary>Judges the batch.</summary>
    public static Response Run(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Response([.. request.Conversations.Select(Judge)]);
    }

    private static Result Judge(Conversation conversation)
    {
        ChatMessage[] messages = [.. conversation.Messages.Select(message => new ChatMessage(message.Role is "customer" or "user", message.Text, TimeOf(message.At)))];
        var score = ChatScorer.Score(messages, conversation.Channel);
        return new Result(conversation.Id, score.Score, score.Status, score.Reasons);
    }

    // Only the time between two messages matters, so that seconds may begin anywhere.
    private static DateTimeOffset? TimeOf(JsonElement? at) => at switch
    {
        { ValueKind: JsonValueKind.String } text when text.TryGetDateTimeOffset(out var time) => time,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var seconds) && Math.Abs(seconds) < 1e11 => DateTimeOffset.UnixEpoch.AddSeconds(seconds),
        _ => null,
    };

    /// <summary>The bounds of a batch.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>The rules.</summary>
        public Validator() => RuleFor(request => request).Custom((request, context) => Check(request.Conversations, context.AddFailure));

        private static void Check(IReadOnlyList<Conversation> conversations, Action<ValidationFailure> add)
        {
            void Fault(string pointer, string code, string detail) => add(new ValidationFailure(pointer, detail) { ErrorCode = code });
            if (conversations.Count is 0 or > MostConversations)
            {
                Fault("/conversations", "out_of_range", $"A batch has 1 to {MostConversations} conversations; this one has {conversations.Count}.");
                return;
            }
            var ids = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < conversations.Count; i++)
            {
                var at = $"/conversations/{i}";
                if (conversations[i] is not { } conversation)
                {
                    Fault(at, "required", "A conversation is an object.");
                    continue;
                }
                if (conversation.Id.Length is 0 or > LongestId)
                {
                    Fault($"{at}/id", "wrong_length", $"An id has 1 to {LongestId} characters.");
                }
                else if (!ids.Add(conversation.Id))
                {
                    Fault($"{at}/id", "duplicate", "Another conversation of the batch has this id.");
                }
                if (conversation.Messages.Count > MostMessages)
                {
                    Fault($"{at}/messages", "too_many", $"A conversation has at most {MostMessages} messages.");
                }
                for (var message = 0; message < conversation.Messages.Count && message < MostMessages; message++)
                {
                    CheckMessage(conversation.Messages[message], $"{at}/messages/{message}", Fault);
                }
            }
        }

        private static void CheckMessage(Message? message, string at, Action<string, string, string> fault)
        {
            if (message is null)
            {
                fault(at, "required", "A message is an object.");
            }
            else if (message.Role.Length is 0 or > LongestRole)
            {
                fault($"{at}/role", "wrong_length", $"A role has 1 to {LongestRole} characters.");
            }
            else if (message.At is { ValueKind: not JsonValueKind.Null } && TimeOf(message.At) is null)
            {
                fault($"{at}/at", "wrong_form", "A time is written as in RFC 3339, or as seconds.");
            }
        }
    }
}
