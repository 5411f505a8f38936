using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Validation;

/// <summary>One rule of spec §5. All rules are told of the nodes of one walk, so that errors come in the order of the document.</summary>
internal abstract class ValidationRule(ValidationContext context)
{
    protected ValidationContext Context { get; } = context;

    /// <summary>The node whose inside the rule does not look at.</summary>
    public SyntaxNode? Skipped { get; set; }

    /// <summary>Whether nodes of a kind matter to the rule.</summary>
    public abstract bool Sees(NodeKind kind);

    /// <summary>A node begins; false when the rule does not look at what is in it.</summary>
    public virtual bool Enter(SyntaxNode node) => true;

    /// <summary>A node ends.</summary>
    public virtual void Leave(SyntaxNode node)
    {
    }
}
