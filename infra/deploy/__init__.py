"""What a deployment to Lambda needs."""
